package setting

import "acquit/internal/i18n"

// say is one text in both languages.
func say(fr, en string) i18n.Words { return i18n.Words{FR: fr, EN: en} }
