package agreement

import (
	"context"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Limits are how far a person may go when she negotiates.
type Limits struct {
	Rights   creditor.Rights
	Months   int // from the agreement to the last instalment
	Count    int // instalments
	Discount int // of a sum, in percent
}

// LimitsOf are the limits of whoever acts in a scope.
func LimitsOf(ctx context.Context, tx *db.Tx, s creditor.Scope) (Limits, error) {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return Limits{}, err
	}
	if s.Rights.Allows(creditor.Manage) {
		return Limits{
			creditor.Manage, setting.PlanMonthsManage.In(v), setting.PlanCountManage.In(v),
			setting.DiscountManage.In(v),
		}, nil
	}
	return Limits{
		creditor.Work, setting.PlanMonthsWork.In(v), setting.PlanCountWork.In(v), setting.DiscountWork.In(v),
	}, nil
}

// Plan refuses a plan made on a day that lasts longer, or has more instalments,
// than the limits allow.
func (l Limits) Plan(made, last cal.Date, count int) error {
	switch {
	case last > made.AddMonths(l.Months):
		return l.beyond("instalments", fmt.Sprintf("cet échéancier dure plus que la limite de %d mois", l.Months))
	case count > l.Count:
		return l.beyond("instalments", fmt.Sprintf("cet échéancier a %d échéances, plus que la limite de %d", count, l.Count))
	}
	return nil
}

// Most is the largest discount on a sum, rounded down.
func (l Limits) Most(sum money.Amount) money.Amount {
	whole, rest := sum.Minor/100, sum.Minor%100 // so that no sum overflows
	return money.New(whole*int64(l.Discount)+rest*int64(l.Discount)/100, sum.Currency)
}

// GiveUp refuses to give up more of a sum than the limits allow.
func (l Limits) GiveUp(part, sum money.Amount) error {
	if most := l.Most(sum); most.Less(part) {
		return l.beyond("amount", fmt.Sprintf("une remise de %s dépasse la limite de %d\u00a0%%, soit %s sur %s",
			part.Format("fr"), l.Discount, most.Format("fr"), sum.Format("fr")))
	}
	return nil
}

func (l Limits) beyond(field, message string) error {
	mend := "demander à un collègue qui a le droit de gérer la société"
	if l.Rights == creditor.Manage {
		mend = "la limite se change sous Réglages, Appels et négociation"
	}
	return &fault.Invalid{Field: field, Message: message, Mend: mend}
}
