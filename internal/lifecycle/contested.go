package lifecycle

import (
	"math/big"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// contested is how much of an invoice a partial approval (206) leaves in dispute,
// VAT included, and in French how that follows from what was told. Zero is that
// nothing was told. What is approved or not may be told with VAT (MAPTTC, MNATTC)
// or without it (MAP, MNA): then VAT is put on by the rate that is told with it,
// else by the invoice's own.
func contested(inv Invoice, l *ingest.Lifecycle) (money.Amount, string) {
	total := inv.total()
	sum := func(kind string) (s money.Amount, ok bool) {
		for _, f := range l.Figures(kind) {
			if ingest.Known(f.Amount) && f.Amount.Currency == total.Currency {
				s, ok = s.Add(f.Amount), true
			}
		}
		return s, ok
	}
	bounded := func(a money.Amount, how string) (money.Amount, string) {
		if a.Sign() <= 0 || total.Less(a) {
			return money.Amount{}, how + "\u00a0: cette somme ne peut être celle d’une partie de la facture, tout est contesté jusqu’à vérification"
		}
		return a, how
	}
	if a, ok := sum("MNATTC"); ok {
		return bounded(a, "non approuvé, TTC\u00a0: "+a.Format("fr"))
	}
	if a, ok := sum("MAPTTC"); ok {
		return bounded(total.Sub(a), "approuvé, TTC\u00a0: "+a.Format("fr"))
	}
	if a, how, ok := gross(inv, l.Figures("MNA")); ok {
		return bounded(a, "non approuvé "+how)
	}
	if a, how, ok := gross(inv, l.Figures("MAP")); ok {
		return bounded(total.Sub(a), "approuvé "+how)
	}
	return money.Amount{}, "aucun montant n’est dit\u00a0: tout est contesté jusqu’à ce qu’une personne dise la part approuvée"
}

// gross puts VAT on amounts without it.
func gross(inv Invoice, figures []ingest.Figure) (sum money.Amount, how string, ok bool) {
	currency := inv.total().Currency
	net := money.Zero(currency)
	by := "au taux de la facture"
	sum = money.Zero(currency)
	for _, f := range figures {
		if !ingest.Known(f.Amount) || f.Amount.Currency != currency {
			continue
		}
		switch basis := inv.net(); {
		case f.Percent != nil:
			by = "au taux indiqué"
			sum = sum.Add(withVAT(f.Amount, *f.Percent))
		case len(inv.Rates) == 1:
			sum = sum.Add(withVAT(f.Amount, inv.Rates[0].Rate))
		case basis.Sign() > 0:
			by = "en proportion du total TTC de la facture"
			sum = sum.Add(proportion(f.Amount, inv.total(), basis))
		default:
			return money.Amount{}, "", false
		}
		net, ok = net.Add(f.Amount), true
	}
	return sum, strings.Join([]string{"hors taxe\u00a0:", net.Format("fr") + ", soit", sum.Format("fr"), "TTC", by},
		" "), ok
}

// net is the invoice without VAT, where it is known.
func (inv Invoice) net() money.Amount {
	if len(inv.Rates) == 0 {
		return inv.Net
	}
	var sum money.Amount
	for _, r := range inv.Rates {
		sum = sum.Add(r.Basis)
	}
	return sum
}

// withVAT is an amount with VAT at a rate in hundredths of a percent.
func withVAT(a money.Amount, rate int) money.Amount {
	return a.Add(money.BasisPoints(int64(rate)).Of(a))
}

// proportion is a·of/in, to the nearest minor unit. All are positive.
func proportion(a, of, in money.Amount) money.Amount {
	n := new(big.Int).Mul(big.NewInt(a.Minor), big.NewInt(of.Minor))
	n.Add(n, big.NewInt(in.Minor/2)).Div(n, big.NewInt(in.Minor))
	return money.New(n.Int64(), a.Currency)
}
