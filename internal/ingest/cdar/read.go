package cdar

import (
	"strings"
	"time"

	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// reader gathers the statuses of one message.
type reader struct {
	message *ingest.LifecycleMessage
	issuer  ingest.Actor
	parties []ingest.Actor
	list    []*ingest.Lifecycle
	refused ingest.Rejections
}

func (r *reader) read(root *xmltree.Node) {
	r.message.Profile = root.Value("ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID")
	head := root.At("ExchangedDocument")
	r.message.ID = single(head.Value("ID"))
	r.message.Made, _ = moment(head.At("IssueDateTime"))
	r.issuer = actor(head.At("IssuerTradeParty"))
	r.parties = append(r.parties, r.issuer, actor(head.At("SenderTradeParty")))
	for _, n := range head.All("RecipientTradeParty") {
		r.parties = append(r.parties, actor(n))
	}
	for _, ack := range root.All("AcknowledgementDocument") {
		for _, ref := range ack.All("ReferenceReferencedDocument") {
			if r.tooMany(ref) {
				return
			}
			r.reference(ack, ref)
		}
	}
}

// reference reads what is told of one invoice: one status, or one for each code
// among its details.
func (r *reader) reference(ack, ref *xmltree.Node) {
	base := ingest.Lifecycle{
		Message: r.message, Phase: ack.Value("TypeCode"), Number: single(ref.Value("IssuerAssignedID")),
		Type: ref.Value("TypeCode"), Short: ref.Value("StatusCode"), Code: ref.Value("ProcessConditionCode"),
		Label:  strings.ReplaceAll(single(ref.Value("ProcessCondition")), "_", " "),
		Seller: actor(ref.At("IssuerTradeParty")), Issuer: r.issuer, Line: ref.Line, Column: ref.Column,
	}
	before := len(r.refused)
	base.At = r.told(ack)
	base.Received = r.momentAt(ref.At("ReceiptDateTime"))
	base.Issued = r.momentAt(ref.At("FormattedIssueDateTime")).Day()
	base.Buyer = r.role(ingest.RoleBuyer, ref)
	if base.Seller.ID == "" {
		base.Seller = r.role(ingest.RoleSeller, ref)
	}
	if base.Number == "" && base.Code != irreceivable {
		r.refuse(ref, "BR-FR-CDV-10", "le numéro de la facture manque", "")
	}
	all := r.byCode(base, ref)
	if len(r.refused) == before {
		r.list = append(r.list, all...)
	}
}

// irreceivable is a message that could not even be opened: of it, the platform
// may not know the number.
const irreceivable = "501"

// told is the moment of the status: the message's own where it has none.
func (r *reader) told(ack *xmltree.Node) ingest.Moment {
	at := ack.At("IssueDateTime")
	if at == nil {
		if r.message.Made == "" {
			r.refuse(ack, "BR-FR-CDV-04", "la date du statut manque", "")
		}
		return r.message.Made
	}
	return r.momentAt(at)
}

// byCode are the statuses of a reference. Its details belong to its own code but
// for those that name another.
func (r *reader) byCode(base ingest.Lifecycle, ref *xmltree.Node) []*ingest.Lifecycle {
	var all []*ingest.Lifecycle
	of := func(code string) *ingest.Lifecycle {
		for _, l := range all {
			if l.Code == code {
				return l
			}
		}
		l := base
		l.Code = code
		all = append(all, &l)
		return &l
	}
	if base.Code != "" {
		of(base.Code)
	}
	for _, n := range ref.All("SpecifiedDocumentStatus") {
		code := n.Value("ProcessConditionCode")
		if code == "" {
			code = base.Code
		}
		if code == "" {
			continue
		}
		l := of(code)
		if code != base.Code {
			l.Short, l.Label = "", strings.ReplaceAll(single(n.Value("ProcessCondition")), "_", " ")
		}
		if at := n.At("ReferenceDateTime"); at != nil {
			l.At = r.momentAt(at)
		}
		l.Details = append(l.Details, r.detail(n))
	}
	if len(all) == 0 {
		r.refuse(ref, "BR-FR-CDV-12", "le code du statut manque", "")
	}
	return all
}

func (r *reader) detail(n *xmltree.Node) ingest.StatusDetail {
	d := ingest.StatusDetail{
		Reason: n.Value("ReasonCode"), ReasonText: single(n.Value("Reason")),
		Action: n.Value("RequestedActionCode"), ActionText: single(n.Value("RequestedAction")),
	}
	var notes []string
	for _, c := range n.All("IncludedNote/Content") {
		notes = append(notes, strings.TrimSpace(c.Text))
	}
	d.Note = strings.Join(notes, "\n")
	for _, c := range n.All("SpecifiedDocumentCharacteristic") {
		d.Figures = append(d.Figures, r.figure(c))
	}
	return d
}

func (r *reader) figure(n *xmltree.Node) ingest.Figure {
	f := ingest.Figure{
		Type: n.Value("TypeCode"), Term: n.Value("ID"), Name: single(n.Value("Name")),
		Location: single(n.Value("Location")),
		Value:    firstOf(n, "Value", "ValueCode", "ValueMeasure", "ValueQuantity", "ValueNumeric", "Description"),
	}
	if a := n.At("ValueAmount"); a != nil {
		f.Amount = r.amount(a)
	}
	if p := n.At("ValuePercent"); p != nil {
		f.Percent = r.percent(p)
	}
	if at := n.At("ValueDateTime"); at != nil {
		f.On = r.momentAt(at).Day()
	}
	return f
}

// amount is exact: what has more decimals than its currency is refused, zeros
// beyond them are not.
func (r *reader) amount(n *xmltree.Node) money.Amount {
	code := n.Get("currencyID")
	if code == "" {
		code = string(money.EUR)
	}
	currency, err := money.ParseCurrency(code)
	if err != nil {
		r.refuse(n, "XSD", "la devise «\u00a0"+code+"\u00a0» n’existe pas", "")
		return money.Amount{}
	}
	a, err := money.Parse(trimZeros(n.Text, currency.Decimals()), currency)
	if err != nil {
		r.refuse(n, "BR-FR-DEC-01", "le montant «\u00a0"+n.Text+"\u00a0» ne se lit pas", "")
		return money.Amount{}
	}
	return a
}

// percent is a rate in hundredths of a percent.
func (r *reader) percent(n *xmltree.Node) *int {
	a, err := money.Parse(trimZeros(n.Text, 2), money.EUR)
	if err != nil || a.Minor < 0 || a.Minor > 100_000 {
		r.refuse(n, "BR-FR-DEC-04", "le taux «\u00a0"+n.Text+"\u00a0» ne se lit pas", "")
		return nil
	}
	rate := int(a.Minor)
	return &rate
}

// trimZeros takes away zeros that stand beyond some decimals.
func trimZeros(s string, decimals int) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	whole, fraction, ok := strings.Cut(s, ".")
	for ok && len(fraction) > decimals && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// momentAt is the moment of an element, refused when it is none.
func (r *reader) momentAt(n *xmltree.Node) ingest.Moment {
	m, ok := moment(n)
	if !ok {
		r.refuse(n, "BR-FR-03", "la date «\u00a0"+single(dated(n).Text)+"\u00a0» ne se lit pas",
			"au format 102 (AAAAMMJJ) ou 204 (AAAAMMJJHHMMSS)")
	}
	return m
}

// dated is the element that holds the text of a date.
func dated(n *xmltree.Node) *xmltree.Node {
	for _, name := range []string{"DateTimeString", "DateTime", "Date"} {
		if at := n.At(name); at != nil {
			return at
		}
	}
	return n
}

// layouts are those of UNTDID 2379 by what they call themselves; what gives no
// format is told by its length.
var layouts = map[string]string{
	"102": "20060102", "203": "200601021504", "204": "20060102150405", "205": "200601021504-0700",
}

// moment reads a date of either format; no element is no moment.
func moment(n *xmltree.Node) (ingest.Moment, bool) {
	if n == nil {
		return "", true
	}
	at := dated(n)
	text := strings.TrimSpace(at.Text)
	layout, told := layouts[at.Get("format")]
	if !told || len(layout) != len(text) && at.Get("format") != "205" {
		layout = ""
		for _, l := range layouts {
			if len(l) == len(text) {
				layout = l
			}
		}
	}
	for _, l := range []string{layout, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
		t, err := time.Parse(l, text)
		if l == "" || err != nil || t.Year() < 2000 || t.Year() > 2099 {
			continue
		}
		return ingest.MomentOf(t), true
	}
	return "", false
}

// role is the party of that role: of the reference itself, else of the message.
func (r *reader) role(role string, ref *xmltree.Node) ingest.Actor {
	for _, n := range ref.All("RecipientTradeParty") {
		if a := actor(n); a.Role == role {
			return a
		}
	}
	for _, a := range r.parties {
		if a.Role == role {
			return a
		}
	}
	return ingest.Actor{}
}

func actor(n *xmltree.Node) ingest.Actor {
	if n == nil {
		return ingest.Actor{}
	}
	a := ingest.Actor{Name: single(n.Value("Name")), Role: n.Value("RoleCode")}
	for _, g := range n.All("GlobalID") { // the legal number before any other
		if a.ID == "" || g.Get("schemeID") == "0002" {
			a.Scheme, a.ID = g.Get("schemeID"), strings.ReplaceAll(g.Text, " ", "")
		}
	}
	if u := n.At("URIUniversalCommunication/URIID"); u != nil && u.Text != "" {
		a.Endpoint = strings.TrimPrefix(u.Get("schemeID")+":"+u.Text, ":")
	}
	return a
}

func firstOf(n *xmltree.Node, names ...string) string {
	for _, name := range names {
		if v := single(n.Value(name)); v != "" {
			return v
		}
	}
	return ""
}

func single(s string) string { return strings.Join(strings.Fields(s), " ") }
