package cash

import "acquit/internal/bank"

// returnReason is why a payment went back in words; empty for an unknown code.
func returnReason(code string) string { return bank.ReasonWords(code).FR }
