package app

import (
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931/cii"
	"acquit/internal/ingest/en16931/ubl"
	"acquit/internal/ingest/facturx"
	"acquit/internal/ingest/fec"
	"acquit/internal/ingest/refused"
	"acquit/internal/ingest/table"
	"acquit/internal/ingest/xlsx"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// Channels are the ways out that this program knows.
func Channels() []channel.Driver {
	return []channel.Driver{email.Driver}
}

// Formats are the files that this program reads, and those it knows well
// enough to say why it does not.
func Formats() []ingest.Driver {
	return append([]ingest.Driver{
		facturx.Driver, cii.Driver, ubl.Driver, fec.Driver, xlsx.Driver, table.Driver,
	}, refused.Drivers()...)
}

// ways opens the channels of a creditor. A channel whose settings are missing
// is none yet: nothing leaves by it. Where messages are kept, each channel
// composes as it would, and hands nothing over.
func (a *App) ways(keep bool) reminder.Ways {
	kept := outbox.New(email.Compose, nil, a.DB.Now)
	return func(_ creditor.Scope, v setting.Values) (map[string]channel.Channel, error) {
		list := map[string]channel.Channel{}
		for _, d := range Channels() {
			switch {
			case keep:
				list[d.Name] = kept
			case setting.SMTPHost.In(v) == "":
			default:
				c, err := d.New(v, a.Box)
				if err != nil {
					return nil, err
				}
				list[d.Name] = c
			}
		}
		return list, nil
	}
}
