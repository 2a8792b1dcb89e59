package cash

import (
	"strconv"
	"strings"

	"acquit/internal/match"
	"acquit/internal/setting"
)

// rulesOf are the creditor's rules of matching.
func rulesOf(v setting.Values) match.Rules {
	return match.Rules{
		Tolerance: setting.CashTolerance.In(v), Fees: setting.CashFees.In(v), Grace: setting.CashGrace.In(v),
	}
}

// Percent is a confidence as people read it: 9975 is "99.75".
func Percent(c match.Confidence) string {
	whole, part := int(c)/100, int(c)%100
	s := strconv.Itoa(whole) + "." + strings.Repeat("0", 2-len(strconv.Itoa(part))) + strconv.Itoa(part)
	return s
}
