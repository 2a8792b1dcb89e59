package cfonb

import "acquit/internal/bank"

// back says why a payment went back; nil where the field is blank.
func back(code string) *bank.Return {
	if code == "" || code == "00" {
		return nil
	}
	return &bank.Return{Code: code, Text: bank.ReasonWords(code).FR}
}
