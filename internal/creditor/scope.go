// Package creditor is who is owed: identity, bank accounts, calendar, and the
// scope within which everybody works.
package creditor

import "acquit/internal/fault"

// Scope is whose books are worked in, by whom, with which rights. Every store
// takes one, so that no query can reach another creditor's rows by oversight.
type Scope struct {
	Creditor string // its identifier
	Actor    string // who acts: a person's identifier, or one of the Actor constants
	Rights   Rights
}

// The actors that are not persons.
const (
	ActorRule   = "rule"   // what the creditor's settings let happen by itself
	ActorSystem = "system" // the program: migrations, recovery
	ActorCLI    = "cli"    // whoever holds the database on the command line
)

// Rights are what a member may do.
type Rights string

// The rights, each with those before it.
const (
	Read   Rights = "read"   // look
	Work   Rights = "work"   // import, approve, record promises, disputes and holds
	Manage Rights = "manage" // settings, scenarios, members, formal steps, undoing imports
)

var rank = map[Rights]int{Read: 1, Work: 2, Manage: 3}

// Allows tells whether r includes need.
func (r Rights) Allows(need Rights) bool { return rank[r] >= rank[need] && rank[r] > 0 }

// Need is a Denied error unless the scope has the right.
func (s Scope) Need(need Rights) error {
	if s.Rights.Allows(need) {
		return nil
	}
	return fault.Deniedf("il vous manque le droit %s", words[need])
}

var words = map[Rights]string{
	Read: "de consulter cette société", Work: "de travailler dans cette société", Manage: "de gérer cette société",
}

// System is the scope of the program itself in a creditor's books.
func System(creditor string) Scope {
	return Scope{Creditor: creditor, Actor: ActorSystem, Rights: Manage}
}
