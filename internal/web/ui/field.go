package ui

import (
	"strings"

	"acquit/internal/setting"
)

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) complete() string {
	if i.Complete == "" {
		return "off"
	}
	return i.Complete
}

func settingType(k setting.Kind) string {
	switch k {
	case setting.KindTime:
		return "time"
	case setting.KindInt:
		return "number"
	}
	return "text"
}

func settingClass(d setting.Definition) string {
	switch d.Kind {
	case setting.KindText:
		return "mid"
	case setting.KindAmount, setting.KindInt, setting.KindTime:
		return "short"
	}
	return ""
}

// settingList is the id of the suggestions of a setting, or nothing.
func settingList(d setting.Definition) string {
	if len(d.Choices) == 0 {
		return ""
	}
	return "l-" + d.Name
}

func (f Frame) settingHelp(s setting.Field) string {
	help := f.Words(s.Help)
	if s.Right == setting.RightHost {
		help += " " +
			f.Say("En ligne de commande : acquit setting "+s.Name+" …",
				"On the command line: acquit setting "+s.Name+" …")
	}
	return strings.TrimSpace(help)
}

func oneLine(list string) string { return strings.ReplaceAll(list, "\n", ", ") }
