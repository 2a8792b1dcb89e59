package ui

import (
	"acquit/internal/customer"
	"acquit/internal/dunning"
)

// Channel is a way to reach a customer in words.
func (f Frame) Channel(name string) string {
	return dunning.Channel(name).In(f.Lang)
}

// Tone is how a step speaks in words.
func (f Frame) Tone(name string) string {
	switch name {
	case "courteous":
		return f.Say("courtois", "courteous")
	case "neutral":
		return f.Say("neutre", "neutral")
	case "firm":
		return f.Say("ferme", "firm")
	case "formal":
		return f.Say("formel", "formal")
	}
	return name
}

// Attachment is what is joined to a message in words.
func (f Frame) Attachment(name string) string {
	switch name {
	case "invoices":
		return f.Say("copies des factures", "copies of invoices")
	case "statement":
		return f.Say("relevé", "statement")
	case "interest":
		return f.Say("calcul des pénalités", "computation of interest")
	}
	return name
}

// Role is what a contact does at a customer.
func (f Frame) Role(r customer.Role) string {
	switch r {
	case customer.Accounting:
		return f.Say("comptabilité", "accounting")
	case customer.Purchasing:
		return f.Say("achats", "purchasing")
	case customer.Manager:
		return f.Say("direction", "management")
	case customer.Sales:
		return f.Say("commerce", "sales")
	}
	return f.Say("autre", "other")
}
