package setting

// Words are what people read, in French first.
type Words struct{ FR, EN string }

// In is the words in a language: "en", or French for any other.
func (w Words) In(lang string) string {
	if lang == "en" {
		return w.EN
	}
	return w.FR
}
