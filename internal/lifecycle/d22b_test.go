package lifecycle_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The rules of CrossDomainAcknowledgementAndResponse 100.D22B, the UN/CEFACT schema
// of life-cycle messages: the elements of each type in their order, each with its
// type and how often it may come (one without a mark, ? none or one, * any, + one or
// more).
var d22b = map[string]string{
	"Message": "ExchangedDocumentContext:Context? ExchangedDocument:Document AcknowledgementDocument:Acknowledgement+",
	"Context": "TestIndicator:indicator? BusinessProcessSpecifiedDocumentContextParameter:Parameter? " +
		"GuidelineSpecifiedDocumentContextParameter:Parameter",
	"Parameter": "ID:id",
	"Document": "ID:id? Name:text? TypeCode:code? StatusCode:code? IssueDateTime:time? LanguageID:id? " +
		"ElectronicPresentationIndicator:indicator? VersionID:id? GlobalID:id? IncludedNote:Note* " +
		"EffectiveSpecifiedPeriod:Period? SenderTradeParty:Party? IssuerTradeParty:Party? RecipientTradeParty:Party+",
	"Acknowledgement": "MultipleReferencesIndicator:indicator? ID:id? TypeCode:code? Name:text? IssueDateTime:time? " +
		"StatusCode:code? AcknowledgementStatusCode:code? ItemIdentificationID:id? ReasonInformation:text* ChannelCode:code? " +
		"ProcessConditionCode:code? ProcessCondition:text* Status:text* ReferenceReferencedDocument:Reference+",
	"Reference": "IssuerAssignedID:id? StatusCode:code? CopyIndicator:indicator? LineID:id? TypeCode:code? GlobalID:id? " +
		"RevisionID:id? Name:text? ReceiptDateTime:time? AttachmentBinaryObject:binary* ReferenceTypeCode:code? LanguageID:id? " +
		"Description:text* FormattedIssueDateTime:day? IncludedAmount:amount* VersionID:id? TotalIssueCountNumeric:decimal? " +
		"Status:text* ProcessConditionCode:code? ProcessCondition:text* Type:text? IssuerTradeParty:Party? " +
		"RecipientTradeParty:Party* SenderTradeParty:Party? SpecifiedDocumentStatus:Status* ValiditySpecifiedPeriod:Period?",
	"Status": "ReferenceDateTime:time? ConditionCode:code? ReasonCode:code? Reason:text* Condition:text* " +
		"ProcessConditionCode:code? ProcessCondition:text* ReasonInformationCode:code? ReasonInformation:text* " +
		"ReasonClassificationCode:code? ReasonClassification:text* RequestedActionCode:code? RequestedAction:text* " +
		"InvalidInformation:text? ValidInformation:text? SequenceNumeric:decimal? IncludedNote:Note* " +
		"SpecifiedDocumentCharacteristic:Characteristic*",
	"Characteristic": "ID:id? TypeCode:code? ValueChangedIndicator:indicator? ValueAdjustmentDirectionCode:code? Name:text* " +
		"Description:text* Location:text? Value:text* ValueAmount:amount? ValueMeasure:decimal? ValueDateTime:time? " +
		"ValueCode:code? ValueQuantity:decimal? ValueNumeric:decimal? ValuePercent:decimal?",
	"Note":   "ContentCode:code? Content:text* SubjectCode:code?",
	"Period": "StartDateTime:time? EndDateTime:time?",
	"Party": "ID:id* GlobalID:id* Name:text? RoleCode:code? DefinedTradeContact:Contact* PostalTradeAddress:Address? " +
		"URIUniversalCommunication:Communication?",
	"Contact": "ID:id? PersonName:text? DepartmentName:text? TypeCode:code? TelephoneUniversalCommunication:Communication* " +
		"FaxUniversalCommunication:Communication* EmailURIUniversalCommunication:Communication?",
	"Address": "PostcodeCode:code? LineOne:text? LineTwo:text? LineThree:text? LineFour:text? LineFive:text? StreetName:text? " +
		"CityName:text? CountryID:id? CountryName:text? CountrySubDivisionID:id? CountrySubDivisionName:text?",
	"Communication": "URIID:id? CompleteNumber:text?",
}

// spaces are the namespaces of the schema.
var spaces = map[string]string{
	"rsm": "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100",
	"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
	"udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
	"qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}

// attributes are those that each kind of value may have.
var attributes = map[string]string{
	"id":   "schemeID schemeName schemeAgencyID schemeAgencyName schemeVersionID schemeDataURI schemeURI",
	"code": "listID listAgencyID listAgencyName listName listVersionID name languageID listURI listSchemeURI",
	"text": "languageID languageLocaleID", "amount": "currencyID currencyCodeListVersionID",
	"decimal": "format unitCode unitCodeListVersionID unitCodeListID unitCodeListAgencyID unitCodeListAgencyName",
	"binary":  "format mimeCode encodingCode characterSetCode uri filename", "string": "format",
}

// node is an element of a message.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

// breaks is the first rule of the schema that a message breaks, empty for none.
func breaks(raw []byte) string {
	var root node
	if err := xml.Unmarshal(raw, &root); err != nil {
		return err.Error()
	}
	if root.XMLName != (xml.Name{Space: spaces["rsm"], Local: "CrossDomainAcknowledgementAndResponse"}) {
		return fmt.Sprintf("the root is %v", root.XMLName)
	}
	return root.follows("Message", "rsm", "")
}

// follows tells what of an element is not as its type has it.
func (n *node) follows(kind, space, path string) string {
	path += "/" + n.XMLName.Local
	if d22b[kind] == "" {
		return n.isValue(kind, path)
	}
	at := 0
	for rule := range strings.FieldsSeq(d22b[kind]) {
		name, of, _ := strings.Cut(rule, ":")
		of, often := strings.TrimRight(of, "?*+"), of[len(of)-1:]
		count := 0
		for at < len(n.Children) && n.Children[at].XMLName == (xml.Name{Space: spaces[space], Local: name}) {
			if bad := n.Children[at].follows(of, "ram", path); bad != "" {
				return bad
			}
			at++
			count++
		}
		if count > 1 && often != "*" && often != "+" || count == 0 && often != "?" && often != "*" {
			return fmt.Sprintf("%s: %d of %s", path, count, name)
		}
	}
	if at < len(n.Children) {
		return fmt.Sprintf("%s: %v may not stand there", path, n.Children[at].XMLName)
	}
	return n.has("", path)
}

var aDecimal = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)$`)

// isValue tells what is wrong with a value.
func (n *node) isValue(kind, path string) string {
	text := strings.TrimSpace(n.Text)
	switch kind {
	case "time", "day", "indicator":
		return n.isChoice(kind, path)
	case "amount", "decimal":
		if !aDecimal.MatchString(text) {
			return fmt.Sprintf("%s: %q is no number", path, text)
		}
	}
	if len(n.Children) > 0 {
		return path + " holds elements"
	}
	return n.has(kind, path)
}

// isChoice tells what is wrong with a moment or an indicator, which hold one element
// of the data types.
func (n *node) isChoice(kind, path string) string {
	if len(n.Children) != 1 {
		return fmt.Sprintf("%s holds %d elements", path, len(n.Children))
	}
	x := &n.Children[0]
	path += "/" + x.XMLName.Local
	text := strings.TrimSpace(x.Text)
	space := map[string]string{"time": "udt", "day": "qdt", "indicator": "udt"}[kind]
	fine := map[string]func() bool{
		"time DateTimeString":       func() bool { return true },
		"time DateTime":             func() bool { _, err := time.Parse(time.RFC3339, text); return err == nil },
		"day DateTimeString":        func() bool { return true },
		"indicator IndicatorString": func() bool { return true },
		"indicator Indicator":       func() bool { return slices.Contains([]string{"true", "false", "0", "1"}, text) },
	}[kind+" "+x.XMLName.Local]
	if x.XMLName.Space != spaces[space] || fine == nil || !fine() {
		return fmt.Sprintf("%s in %s: %q", path, x.XMLName.Space, text)
	}
	if bad := x.has("string", path); bad != "" {
		return bad
	}
	return n.has("", path)
}

// has tells which attribute a kind of value may not have.
func (n *node) has(kind, path string) string {
	for _, a := range n.Attrs {
		isSpace := a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || strings.HasSuffix(a.Name.Space, "XMLSchema-instance")
		if !isSpace && !slices.Contains(strings.Fields(attributes[kind]), a.Name.Local) {
			return fmt.Sprintf("%s: the attribute %s", path, a.Name.Local)
		}
	}
	return ""
}

// The rules that our messages are held to are those that all the real ones keep, and
// what breaks one of them is seen.
func TestRealMessagesKeepTheRulesOfTheSchema(t *testing.T) {
	t.Parallel()
	const corpus = "../../../shared/corpus/cdar"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the real messages are not on this machine")
	}
	n := 0
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		n++
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
		if bad := breaks(raw); bad != "" {
			t.Errorf("%s: %s", path, bad)
		}
		for from, to := range map[string]string{
			"ram:StatusCode>": "ram:SequenceNumeric>", "AcknowledgementDocument>": "AcknowledgementDocuments>",
			"<ram:IssueDateTime>": "<ram:IssueDateTime format=\"102\">", "</ram:RecipientTradeParty>": "<ram:Name/></ram:RecipientTradeParty>",
		} {
			if broken := bytes.ReplaceAll(raw, []byte(from), []byte(to)); !bytes.Equal(broken, raw) && breaks(broken) == "" {
				t.Errorf("%s: %s for %s breaks no rule", path, to, from)
			}
		}
		return nil
	})
	if err != nil || n < 20 {
		t.Errorf("%d messages, %v", n, err)
	}
}
