package letter

const (
	codeSide   = 30.0 // of a payment code with its quiet zone; telephones read 20 mm
	quietZone  = 4    // modules around a code that stay white (ISO/IEC 18004)
	boxPad     = 3.0
	signLeft   = 110.0
	imageWidth = 55.0 // the largest picture of a signature
	imageTall  = 24.0
)

func (f *flow) pairs(p *Payment) (labels float64, values [][]line, tall float64) {
	for _, pair := range p.Pairs {
		label := printable(f.types.faces[regular], pair.Label)
		labels = max(labels, min(f.types.width(label, regular, sizeTable), bodyWidth/3))
	}
	width := bodyWidth - 2*boxPad - labels - 4
	if p.Code != "" {
		width -= codeSide + boxPad
	}
	for _, pair := range p.Pairs {
		v := wrap(f.types, []Span{{pair.Value, true}}, sizeTable, width)
		values = append(values, v)
		tall += float64(len(v)) * (sizeTable.leading + 0.6)
	}
	return labels, values, tall
}

func (f *flow) note(p *Payment) []line {
	if p.Note == "" {
		return nil
	}
	width := bodyWidth - 2*boxPad
	if p.Code != "" {
		width -= codeSide + boxPad
	}
	return wrap(f.types, []Span{{p.Note, false}}, sizeSmall, width)
}

func (f *flow) paymentHeight(p *Payment) float64 {
	_, _, tall := f.pairs(p)
	tall += float64(len(f.note(p))) * sizeSmall.leading
	if p.Code != "" {
		tall = max(tall, codeSide-boxPad)
	}
	return tall + 2*boxPad
}

// payment is a box that says where to pay, with a code beside it.
func (f *flow) payment(p *Payment) {
	h := f.paymentHeight(p)
	f.need(h)
	labels, values, _ := f.pairs(p)
	top := f.y
	f.pen().box(bodyLeft, top, bodyWidth, h, 0.95)
	f.y += boxPad
	for i, pair := range p.Pairs {
		label, sz := fit(f.types, pair.Label, regular, sizeTable, labels+0.1, sizeFoot.points)
		f.pen().text(bodyLeft+boxPad, f.y+sizeTable.rise(), label, regular, sz, grey)
		for _, l := range values[i] {
			f.write(bodyLeft+boxPad+labels+4, l, sizeTable, black)
			f.y += 0.6
		}
	}
	for _, l := range f.note(p) {
		f.write(bodyLeft+boxPad, l, sizeSmall, grey)
	}
	if p.Code != "" {
		f.code(bodyRight-codeSide-boxPad/2, top+(h-codeSide)/2, p.Code)
	}
	f.y = top + h
}

// code draws a QR code of level M (as EPC069-12 asks) as rectangles, one for
// each run of dark modules.
func (f *flow) code(x, y float64, content string) {
	c, err := encode(content)
	if err != nil {
		f.err = err
		return
	}
	p, side := f.pen(), codeSide/float64(c.Size()+2*quietZone)
	p.box(x, y, codeSide, codeSide, 1)
	p.draw(func(d *document) { d.modules(x+quietZone*side, y+quietZone*side, side, runs(c)) })
}

func (f *flow) signatureHeight(s *Signature) float64 {
	lines := f.signed(s)
	h := float64(len(lines)) * f.text().leading
	if pic, err := f.types.picture(f.image(s)); err == nil && pic != nil {
		_, tall := pic.sized()
		h += tall + 1.5
	}
	return h
}

// image is a signature's own, else the letter's.
func (f *flow) image(s *Signature) []byte {
	if len(s.Image) > 0 {
		return s.Image
	}
	return f.letter.SignatureImage
}

func (f *flow) signed(s *Signature) []line {
	var list []line
	for i, text := range s.Lines {
		list = append(list, wrap(f.types, []Span{{text, i == 0}}, f.text(), bodyRight-signLeft)...)
	}
	return list
}

// signature stays in one piece: the picture, then who signed.
func (f *flow) signature(s *Signature) {
	f.need(f.signatureHeight(s))
	pic, err := f.types.picture(f.image(s))
	if err != nil && f.err == nil {
		f.err = err
	}
	if pic != nil {
		wide, tall := pic.sized()
		f.pen().picture(pic, signLeft, f.y, wide, tall)
		f.y += tall + 1.5
	}
	for _, l := range f.signed(s) {
		f.need(f.text().leading)
		f.write(signLeft, l, f.text(), black)
	}
}
