package app

import (
	"context"

	"acquit/internal/bank/camt"
	"acquit/internal/bank/cfonb"
	"acquit/internal/bank/mt940"
	"acquit/internal/bank/ofx"
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/letter"
	"acquit/internal/channel/lre"
	"acquit/internal/channel/maileva"
	"acquit/internal/channel/outbox"
	"acquit/internal/channel/registered"
	"acquit/internal/creditor"
	"acquit/internal/ingest"
	"acquit/internal/ingest/cdar"
	"acquit/internal/ingest/en16931/cii"
	"acquit/internal/ingest/en16931/ubl"
	"acquit/internal/ingest/facturx"
	"acquit/internal/ingest/fec"
	"acquit/internal/ingest/refused"
	"acquit/internal/ingest/table"
	"acquit/internal/ingest/xlsx"
	"acquit/internal/lifecycle"
	"acquit/internal/lifecycle/flow"
	"acquit/internal/lifecycle/folder"
	"acquit/internal/post"
	"acquit/internal/registry"
	"acquit/internal/registry/bodacc"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// Channels are the ways out that this program knows.
func Channels() []channel.Driver {
	return []channel.Driver{email.Driver, letter.Driver, maileva.Driver, registered.Driver, lre.Driver}
}

// Registries are the public registers that this program reads.
func Registries() []registry.Driver { return []registry.Driver{bodacc.Driver} }

// Platforms are the ways in which statuses of electronic invoices come and leave.
func Platforms() []lifecycle.Driver { return []lifecycle.Driver{folder.Driver, flow.Driver} }

// Formats are the files that this program reads, and those it knows well
// enough to say why it does not.
func Formats() []ingest.Driver {
	return append([]ingest.Driver{
		facturx.Driver, cii.Driver, ubl.Driver, cdar.Driver, fec.Driver, xlsx.Driver, table.Driver,
		camt.Driver, cfonb.Driver, cfonb.Operations, ofx.Driver, mt940.Driver,
	}, refused.Drivers()...)
}

// ways opens the channels of a creditor. A channel that no settings choose is
// none yet: nothing leaves by it. Where messages are kept, e-mail composes as it
// would and hands nothing over, and letters are printed here: a person posts
// them, or says so.
func (a *App) ways(keep bool) reminder.Ways {
	kept := map[string]channel.Channel{
		email.Driver.Name:      outbox.New(email.Compose, nil, a.DB.Now),
		letter.Driver.Name:     letter.New(a.DB.Now),
		registered.Driver.Name: letter.New(a.DB.Now),
	}
	return func(_ creditor.Scope, v setting.Values) (map[string]channel.Channel, error) {
		if keep {
			return kept, nil
		}
		list := map[string]channel.Channel{}
		for _, d := range Channels() {
			if !d.Chosen(v) {
				continue
			}
			c, err := d.New(v, a.Box)
			if err != nil {
				c = unset{err}
			}
			list[d.Name] = c
		}
		return list, nil
	}
}

// unset is a channel whose settings are wrong: it says so to whoever would use
// it, and stops no other.
type unset struct{ err error }

func (u unset) Compose(channel.Draft) (channel.Message, error) { return channel.Message{}, u.err }
func (u unset) Open(context.Context) (channel.Session, error)  { return nil, u.err }

// carrier is the provider that posts a creditor's letters; nil where a person
// does.
func (a *App) carrier(v setting.Values) (post.Carrier, error) {
	if !maileva.Driver.Chosen(v) {
		return nil, nil
	}
	c, err := maileva.FromSettings(v, a.Box)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// courier is the provider of a creditor's electronic registered letters; nil
// where they are on paper.
func (a *App) courier(v setting.Values) (post.Courier, error) {
	if !lre.Driver.Chosen(v) {
		return nil, nil
	}
	c, err := lre.FromSettings(v, a.Box)
	if err != nil {
		return nil, err
	}
	return c, nil
}
