package fr

import (
	"regexp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/money"
)

// Notice is a formal notice (mise en demeure, C. civ. 1344) as it would leave:
// what is known of the case, and its final words.
type Notice struct {
	Debtor    law.Debtor
	Language  i18n.Lang
	Creditor  Identity
	Customer  Identity
	Place     string
	Date      cal.Date
	Mode      string // how it is sent: Lettre recommandée avec avis de réception
	Subject   string
	Text      string // what the debtor reads below the subject
	Claims    []NoticeClaim
	Total     money.Amount // what is asked for, charges included
	Interest  *NoticeInterest
	Late      int // claims that are past their due date
	Deadline  cal.Date
	IBAN      string
	Reference string
	Signer    string
	Capacity  string // in which she signs
	Attached  []string

	Electronic bool // sent as an electronic registered letter (CPCE L100)
}

// Identity is a party as a letter names it.
type Identity struct {
	Name     string
	Form     string // legal form
	Capital  string
	Office   string // registered office, on one line
	SIREN    string
	Register string // RCS Lille
}

// NoticeClaim is one invoice of a notice.
type NoticeClaim struct {
	Number       string
	Issued, Due  cal.Date
	Total, Owing money.Amount
}

// NoticeInterest is the late interest that a notice tells of.
type NoticeInterest struct {
	Rate      string // per year; empty where several applied
	Amount    money.Amount
	Until     cal.Date
	Indemnity money.Amount
	Count     int // invoices that the indemnity counts
}

// PointState is what became of one point of the check.
type PointState string

// The states of a point.
const (
	PointKept    PointState = "kept"
	PointMissing PointState = "missing"
	PointIdle    PointState = "idle" // does not apply here
)

// NoticePoint is one of the points that a formal notice is checked against
// before anybody may approve it. No text lists them: judges and practice do.
type NoticePoint struct {
	Code     string
	Title    i18n.Words
	State    PointState
	Blocking bool       // it must be mended first
	Mend     i18n.Words // what to do, where it is missing
	Source   string
}

// Blocked tells whether a point keeps the notice from being approved.
func (p NoticePoint) Blocked() bool { return p.Blocking && p.State == PointMissing }

// CheckNotice holds a formal notice against the fifteen points of practice (C.
// civ. 1344, 1344-1; C. com. R123-237, R123-238, L441-10, D441-5), then against
// what a creditor may never write (C. pén. 433-13, CPCE L111-8).
func CheckNotice(n Notice) []NoticePoint {
	list := make([]NoticePoint, 0, len(noticePoints))
	for _, p := range noticePoints {
		point := p.NoticePoint
		point.State = p.look(n)
		list = append(list, point)
	}
	if n.Electronic {
		point := clockPoint
		point.State = kept(!n.says(clockWords))
		list = append(list, point)
	}
	return list
}

// clockWords count a time from the letter itself. The addressee of an electronic
// one may open it fifteen days later (CPCE R53-3): its time counts from a date.
var clockWords = regexp.MustCompile(
	`(?i)(à compter|à partir|dès réception) (de |du )?(la présente|présent courrier)([^\p{L}]|$| lettre| mise en demeure)|` +
		`(from|of) (the )?(date|receipt) of this (letter|notice)`)

var clockPoint = point("clock", true, "Délai daté, pas «\u00a0à compter de la présente\u00a0»\u00a0: la lettre est électronique",
	"A dated deadline, not “from the date of this letter”: the letter is electronic",
	"écrire la date limite elle-même\u00a0: le destinataire a quinze jours pour ouvrir la lettre",
	"write the deadline itself: the addressee has fifteen days to open the letter", "CPCE R53-3")

// noticePoint is a point with how it is looked for.
type noticePoint struct {
	NoticePoint
	look func(Notice) PointState
}

func kept(yes bool) PointState {
	if yes {
		return PointKept
	}
	return PointMissing
}

// says looks for words in the subject and the text, whatever spaces and line
// ends stand between them.
func (n Notice) says(re *regexp.Regexp) bool { return re.MatchString(single(n.Subject + " " + n.Text)) }

// has tells whether the text holds a figure, a day or a number as a reader sees
// it: 503,32 does not stand in 2 503,32.
func (n Notice) has(s string) bool {
	text, s := single(n.Text), single(s)
	for at := 0; s != ""; {
		i := strings.Index(text[at:], s)
		if i < 0 {
			return false
		}
		if at += i; alone(text[:at], text[at+len(s):]) {
			return true
		}
		at += len(s)
	}
	return false
}

// alone tells that no digits stand before, or after, those of a figure.
func alone(before, after string) bool {
	return !digitEnd.MatchString(before) && (after == "" || after[0] < '0' || after[0] > '9')
}

var digitEnd = regexp.MustCompile(`\d[., ]?$`)

// single is a text with single spaces.
func single(s string) string { return strings.Join(strings.Fields(s), " ") }

var (
	demandWords = regexp.MustCompile(`(?i)vous met(tons|tent|s) en demeure|vaut mise en demeure|formally (demand|require)|` +
		`give you formal notice|formal notice to pay`)
	objectWords = regexp.MustCompile(`(?i)mise en demeure|formal (notice|demand)`)
	answerWords = regexp.MustCompile(`(?i)(contest|désaccord|dispute|disagree|reason against|motif).{0,200}` +
		`(écrit|courrier|motif|writing|letter|reason)`)
	resultWords = regexp.MustCompile(`(?i)(à|a) d(é|e)faut|faute de (paiement|règlement)|failing|fail to|otherwise|without payment`)
	mayWords    = regexp.MustCompile(`(?i)réserv|pourr(ons|ions)|droit de|reserve|\bmay\b|entitled`)
	basisWords  = regexp.MustCompile(`(?i)441[-‑] ?10|2192[-‑]|1231[-‑]6|1344[-‑]1|contra(t|ct)|conditions générales|terms of sale`)
	fortyWords  = regexp.MustCompile(`(?i)\b40(,00)? ?€|€ ?40\b|indemnité`)
	// withCapital are the forms of companies that must state it (C. com. R123-238).
	withCapital = regexp.MustCompile(`(?i)^(s\.?a\.?s?\.?u?|s\.?a\.?r\.?l\.?|e\.?u\.?r\.?l\.?|s\.?c\.?a\.?|sela?s?u?r?l?)\b`)
)

// forbiddenWords are what a creditor may never write, with what each is.
var forbiddenWords = []*regexp.Regexp{
	// Imitates an act of justice, or threatens with what needs a title (C. pén. 433-13).
	regexp.MustCompile(`(?i)dernier avis avant (saisie|poursuite)|\bavant saisie|commandement de payer|exploit d['’]huissier|` +
		`(huissier|commissaire) (de justice )?(va|viendra|se présentera|interviendra)|au nom du peuple|république française|` +
		`procédé à la saisie|notice before seizure|bailiffs? will`),
	// Costs of recovery without a title stay with the creditor (CPCE L111-8).
	regexp.MustCompile(`(?i)frais (de|d['’]) ?(dossier|relance|recouvrement amiable|mise en demeure|impayé|gestion|envoi)|` +
		`(file|reminder|dunning|handling) (fees?|costs?)`),
	// Third parties are never told (C. civ. 9).
	regexp.MustCompile(`(?i)(avertir|informer|prévenir) (votre employeur|vos voisins|vos clients|vos fournisseurs|` +
		`votre banque|votre famille)|(inform|tell) your (employer|neighbou?rs|customers|suppliers|bank|family)`),
}

func (n Notice) forbidden() bool {
	return slices.ContainsFunc(forbiddenWords, func(re *regexp.Regexp) bool { return n.says(re) })
}

// tableRows is how many invoices a message shows at most: those beyond stand in
// the statement that is joined.
const tableRows = 39

// complete tells whether each claim says all that it must.
func (n Notice) complete() bool {
	for i, c := range n.Claims {
		if c.Number == "" || c.Issued == 0 || c.Due == 0 || c.Total.Sign() <= 0 || c.Owing.Sign() <= 0 {
			return false
		}
		beyond := i >= tableRows && len(n.Attached) > 0
		if !beyond && (!n.names(c.Number) || !n.has(c.Owing.Format(string(n.Language)))) {
			return false
		}
	}
	return len(n.Claims) > 0
}

// names tells whether the text holds a number, which may end in any sign.
func (n Notice) names(number string) bool { return strings.Contains(single(n.Text), single(number)) }

// account tells whether the text holds the IBAN, grouped or not.
func (n Notice) account() bool {
	return n.IBAN != "" && strings.Contains(dense(n.Text), dense(n.IBAN))
}

func dense(s string) string { return strings.Join(strings.Fields(s), "") }
