package cfonb

import "acquit/internal/bank"

// back says why a payment went back; nil where the field is blank. Cheques have a
// list of reasons of their own.
func back(means bank.Means, code string) *bank.Return {
	if code == "" || code == "00" {
		return nil
	}
	if means == bank.Cheque {
		code = bank.ChequeReason + code
	}
	return &bank.Return{Code: code, Text: bank.ReasonWords(code).FR}
}
