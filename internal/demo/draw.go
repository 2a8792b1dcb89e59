package demo

import (
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// What is drawn for one customer, each from a source of its own.
const (
	forShuffle chance.Purpose = iota + 1
	forWeight
	forProfile
	forIdentity
	forLedger
	forDelay  // when an invoice is paid that nobody asks about
	forAnswer // what a customer answers a reminder
	forWord   // whether it keeps a promise
	forPrice  // the price of its subscription
	forReturn // the goods that it sent back
	forGroup  // the companies of its group
	forTerms  // its early-payment discount
)

// part is so many hundredths of a, at least one minor unit.
func part(a money.Amount, percent int) money.Amount {
	return money.New(max(1, a.Minor*int64(percent)/100), a.Currency)
}
