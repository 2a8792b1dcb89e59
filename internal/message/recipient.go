package message

import (
	"net/mail"
	"slices"
	"strings"

	"acquit/internal/customer"
)

// Recipients are who a message goes to and why.
type Recipients struct {
	To      mail.Address
	Contact customer.Contact // the zero Contact when To is the company's general address
	Via     Via
	Cc      []mail.Address
	Skipped []Skip // addresses that were passed over, in order
}

// Via is what a recipient was found by.
type Via string

// The ways, in the order in which they are tried. People who sell for the
// customer are never told of its debts.
const (
	ViaAccounting Via = "accounting"
	ViaManager    Via = "manager"
	ViaGeneral    Via = "general" // the company's own address
	ViaPurchasing Via = "purchasing"
	ViaOther      Via = "other"
	ViaNobody     Via = "" // no recipient: somebody must find the payer
)

var ways = []struct {
	via  Via
	role customer.Role
}{
	{ViaAccounting, customer.Accounting},
	{ViaManager, customer.Manager},
	{ViaGeneral, ""},
	{ViaPurchasing, customer.Purchasing},
	{ViaOther, customer.Other},
}

// Skip is an address that was passed over.
type Skip struct {
	Email string
	Why   SkipReason
}

// SkipReason is why an address was passed over.
type SkipReason string

// The reasons.
const (
	SkipInvalid  SkipReason = "invalid"  // not an address
	SkipBounced  SkipReason = "bounced"  // refused a message for good
	SkipEnded    SkipReason = "ended"    // the contact has left
	SkipUnread   SkipReason = "unread"   // a no-reply address
	SkipStranger SkipReason = "stranger" // a contact of another customer
)

// FindRecipients chooses who hears of c's debts: the first contact, by role,
// whose address can be written to. Contacts of another customer never count,
// whatever list they come in. Those of the roles in copy are copied in. When
// nobody is left, Via is ViaNobody and there is no message: it becomes a task.
func FindRecipients(c customer.Customer, contacts []customer.Contact, copied ...customer.Role) Recipients {
	var r Recipients
	dead := bounced(c, contacts)
	usable := slices.DeleteFunc(slices.Clone(contacts), func(p customer.Contact) bool {
		why := unusable(c, p, dead)
		if why != "" && strings.TrimSpace(p.Email) != "" {
			r.Skipped = append(r.Skipped, Skip{p.Email, why})
		}
		return why != "" || strings.TrimSpace(p.Email) == ""
	})
	r.choose(c, usable, dead)
	if r.Via == ViaNobody {
		return r
	}
	for _, p := range usable {
		to := address(p)
		if slices.Contains(copied, p.Role) && to.Address != r.To.Address && !slices.Contains(r.Cc, to) {
			r.Cc = append(r.Cc, to)
		}
	}
	return r
}

func (r *Recipients) choose(c customer.Customer, usable []customer.Contact, dead []string) {
	for _, way := range ways {
		if way.via == ViaGeneral {
			if r.general(c, dead) {
				return
			}
			continue
		}
		i := slices.IndexFunc(usable, func(p customer.Contact) bool { return p.Role == way.role })
		if i >= 0 {
			r.To, r.Contact, r.Via = address(usable[i]), usable[i], way.via
			return
		}
	}
}

func (r *Recipients) general(c customer.Customer, dead []string) bool {
	email := strings.TrimSpace(c.Email)
	if email == "" {
		return false
	}
	if why := unreadable(email, dead); why != "" {
		r.Skipped = append(r.Skipped, Skip{email, why})
		return false
	}
	r.To, r.Via = mail.Address{Name: line(c.Name), Address: email}, ViaGeneral
	return true
}

func address(p customer.Contact) mail.Address {
	return mail.Address{Name: line(p.FirstName + " " + p.LastName), Address: strings.TrimSpace(p.Email)}
}

// bounced are the addresses at which a message to this customer was refused:
// none of them is written to again, whoever else bears it.
func bounced(c customer.Customer, contacts []customer.Contact) []string {
	var out []string
	for _, p := range contacts {
		if p.Customer == c.ID && !p.BouncedAt.IsZero() {
			out = append(out, strings.ToLower(strings.TrimSpace(p.Email)))
		}
	}
	return out
}

func unusable(c customer.Customer, p customer.Contact, dead []string) SkipReason {
	switch {
	case p.Customer != c.ID:
		return SkipStranger
	case !p.EndedAt.IsZero():
		return SkipEnded
	}
	return unreadable(p.Email, dead)
}

// maxAddress is the longest address that a mail server must take (RFC 5321).
const maxAddress = 254

// unreadable tells why nobody would read what is sent there.
func unreadable(email string, dead []string) SkipReason {
	email = strings.TrimSpace(email)
	if slices.Contains(dead, strings.ToLower(email)) {
		return SkipBounced
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxAddress {
		return SkipInvalid
	}
	local, domain, _ := strings.Cut(email, "@")
	if !strings.Contains(strings.Trim(domain, "."), ".") {
		return SkipInvalid
	}
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(local)) {
	case "noreply", "donotreply", "nepasrepondre", "pasdereponse":
		return SkipUnread
	}
	return ""
}
