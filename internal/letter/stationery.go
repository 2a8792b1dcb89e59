package letter

import "strconv"

// stationery is all that stands on a first page besides its body: folding
// marks, sender, address, date, mention, references and subject.
func (f *flow) stationery() {
	p := f.pen()
	for _, y := range []float64{foldFirst, foldSecond} {
		p.line(4, y, 8, y, 0.4, 0.6)
	}
	f.sender()
	f.recipient()
	f.y = bodyTop
	if f.letter.Dateline != "" {
		text, sz := fit(f.types, f.letter.Dateline, regular, sizeText, bodyWidth/2, sizeFoot.points)
		p.right(bodyRight, f.y+sizeText.rise(), text, regular, sz, black)
	}
	f.references()
	f.subject()
}

// sender stands in the left window of the envelope, its name first.
func (f *flow) sender() {
	f.y = senderTop
	for i, text := range f.letter.Sender {
		st, sz := regular, sizeSmall
		if i == 0 {
			st, sz = strong, sizeSubject
		}
		if f.y+sz.leading > bodyTop-1 {
			return
		}
		text, set := fit(f.types, text, st, sz, senderRight-marginLeft, sizeFoot.points)
		f.pen().text(marginLeft, f.y+sz.rise(), text, st, set, black)
		f.y += sz.leading
	}
}

// recipient stands where both windows show it, wherever the sheet slid.
func (f *flow) recipient() {
	const inset = 2.0
	y := windowTop + 0.6 + sizeAddress.rise()
	for _, text := range f.letter.Recipient {
		text, set := fit(f.types, text, regular, sizeAddress, windowRight-windowLeft-2*inset, sizeFoot.points)
		f.pen().text(windowLeft+inset, y, text, regular, set, black)
		y += sizeAddress.leading
	}
}

// references stand at the left, beside the date.
func (f *flow) references() {
	if f.letter.Mention != "" {
		for _, l := range wrap(f.types, []Span{{f.letter.Mention, true}}, sizeTable, bodyWidth/2-gap) {
			f.write(bodyLeft, l, sizeTable, black)
		}
		f.y++
	}
	for _, pair := range f.letter.References {
		text := pair.Label + colon(f.letter) + pair.Value
		for _, l := range wrap(f.types, []Span{{text, false}}, sizeTable, bodyWidth/2-gap) {
			f.need(sizeTable.leading)
			f.write(bodyLeft, l, sizeTable, black)
		}
	}
	f.y = max(f.y, bodyTop+sizeText.leading) + gap
}

// colon is how a language sets a label apart from its value.
func colon(l Letter) string {
	if l.Language == "en" {
		return ": "
	}
	return "\u00a0: "
}

func (f *flow) subject() {
	if f.letter.Subject == "" {
		return
	}
	label := "Objet\u00a0: "
	if f.letter.Language == "en" {
		label = "Subject: "
	}
	for _, l := range wrap(f.types, []Span{{label + f.letter.Subject, true}}, sizeSubject, bodyWidth) {
		f.need(sizeSubject.leading)
		f.write(bodyLeft, l, sizeSubject, black)
	}
	f.y += gap + 1
}

// maxLegal is the lines of a foot: more would leave no room for the letter.
const maxLegal = 8

// legal is the lines at the foot of each page.
func (f *flow) legal() []line {
	var list []line
	for _, text := range f.letter.Legal {
		list = append(list, wrap(f.types, []Span{{text, false}}, sizeFoot, bodyWidth-20)...)
	}
	return list[:min(len(list), maxLegal)]
}

func (f *flow) foot(p *pen, legal []line, number int) {
	y := footBottom - float64(len(legal)-1)*sizeFoot.leading
	p.line(bodyLeft, y-sizeFoot.leading-0.6, bodyRight, y-sizeFoot.leading-0.6, 0.3, 0.7)
	for _, l := range legal {
		p.text(bodyLeft, y, l.text(), regular, sizeFoot, grey)
		y += sizeFoot.leading
	}
	p.right(bodyRight, footBottom, strconv.Itoa(number)+"/"+strconv.Itoa(len(f.pages)), regular, sizeFoot, grey)
}
