// Package registered is the channel of registered letters on paper: they are
// printed with the day's letters, and deposited by a person.
package registered

import (
	"time"

	"acquit/internal/channel"
	"acquit/internal/channel/letter"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Driver is registered letters on paper, as they describe themselves.
var Driver = channel.Driver{
	Name:   string(dunning.Registered),
	Label:  i18n.Words{FR: "Lettre recommandée avec avis de réception", EN: "Registered letter with acknowledgement of receipt"},
	Chosen: func(v setting.Values) bool { return setting.RegisteredWay.In(v) == setting.RegisteredPaper },
	New: func(setting.Values, setting.Box) (channel.Channel, error) {
		return letter.New(time.Now), nil
	},
}
