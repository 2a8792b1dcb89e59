package handover

import (
	"context"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/identifier"
	"acquit/internal/journal"
)

// maxLine is the longest name or address, in characters.
const maxLine = 200

func (p *Partner) tidy() error {
	if !known(p.Kind, PartnerKinds()) {
		return fault.Invalidf("kind", "« %s » n’est pas une sorte d’intermédiaire : agency, bailiff ou lawyer", p.Kind)
	}
	for field, text := range map[string]*string{
		"name": &p.Name, "street": &p.Street, "postal_code": &p.PostalCode, "city": &p.City, "contact": &p.Contact,
		"email": &p.Email, "phone": &p.Phone, "mandate": &p.Mandate,
	} {
		*text = strings.TrimSpace(*text)
		if len([]rune(*text)) > maxLine || strings.ContainsAny(*text, "\r\n\x00") {
			return fault.Invalidf(field, "une ligne de %d caractères au plus", maxLine)
		}
	}
	var err error
	if p.Note, err = agreement.Note("note", p.Note); err != nil {
		return err
	}
	if p.Name == "" {
		return &fault.Invalid{Field: "name", Message: "il manque le nom de l’intermédiaire"}
	}
	if p.Email != "" && !strings.Contains(p.Email, "@") {
		return &fault.Invalid{Field: "email", Message: "«\u00a0" + p.Email + "\u00a0» n’est pas une adresse électronique"}
	}
	if err := p.tidySIREN(); err != nil {
		return err
	}
	return p.Terms.check()
}

func (p *Partner) tidySIREN() error {
	if strings.TrimSpace(p.SIREN) == "" {
		p.SIREN = ""
		return nil
	}
	r := identifier.SIREN(p.SIREN)
	if !r.OK() {
		return &fault.Invalid{Field: "siren", Message: r.Why.FR, Mend: "tel que sur la convention"}
	}
	p.SIREN = r.Value
	return nil
}

// AddPartner records who may be handed claims. It needs Manage.
func AddPartner(ctx context.Context, tx *db.Tx, s creditor.Scope, p *Partner) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := p.tidy(); err != nil {
		return err
	}
	p.ID, p.CreatedAt = tx.NewID("prt"), tx.Now
	if err := insertPartner(ctx, tx, s, *p); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "partner.added", "partner/"+p.ID, p.entry())
}

// EndPartner takes a partner out of the list for new hand-overs. It needs Manage.
func EndPartner(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	p, err := FindPartner(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !p.EndedAt.IsZero() {
		return fault.Conflictf("%s a déjà été retiré", p.Name)
	}
	p.EndedAt = tx.Now
	if err := updatePartner(ctx, tx, s, p); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "partner.ended", "partner/"+id, map[string]any{"partner": id})
}

func (p Partner) entry() map[string]any {
	return map[string]any{
		"partner": p.ID, "kind": p.Kind, "name": p.Name, "siren": p.SIREN, "rate": p.Terms.Rate, "fixed": p.Terms.Fixed,
		"mandate": p.Mandate,
	}
}

// PartnerNamed is the partner of that identifier, or the only one of that name.
func PartnerNamed(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string) (Partner, error) {
	all, err := Partners(ctx, tx, s)
	if err != nil {
		return Partner{}, err
	}
	var found []Partner
	for _, p := range all {
		if p.ID == ref || strings.EqualFold(p.Name, strings.TrimSpace(ref)) {
			found = append(found, p)
		}
	}
	if len(found) != 1 || ref == "" {
		return Partner{}, fault.NotFound("intermédiaire «\u00a0%.60s\u00a0»", ref)
	}
	return found[0], nil
}
