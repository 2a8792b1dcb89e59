package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/reminder"
)

func (p *Program) verify() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: p.say("recalculer la chaîne du journal et tous les soldes, ou vérifier un dossier reçu", "recompute the journal’s chain and every balance, or check a dossier"),
		Description: p.say("Le journal est chaîné : une entrée changée ou ôtée se voit. Les soldes sont recalculés depuis les affectations, les messages et les pièces comparés à leur empreinte. Avec un fichier .zip, c’est le dossier qui est vérifié, sans base de données : archive, empreintes, extrait du journal. Sortie 1 si quelque chose est faux.",
			"The journal is chained: an entry that was changed or taken away shows. Balances are recomputed from allocations; messages and files are compared to their fingerprints. With a .zip file the dossier is checked, without a database: archive, fingerprints, extract of the journal. Exit status 1 if anything is wrong."),
		ArgsUsage: p.say("[DOSSIER.zip…]", "[DOSSIER.zip…]"), UsageText: "acquit verify --json\nacquit verify dossier.zip", Action: p.doVerify,
	}
}

// verified is what recomputing a company's books came to.
type verified struct {
	Journal struct {
		Entries  int64  `json:"entries"`
		Intact   bool   `json:"intact"`
		BrokenAt *int64 `json:"broken_at"`
	} `json:"journal"`
	Balances struct {
		Checked int64              `json:"checked"`
		Wrong   []wrongBalanceJSON `json:"wrong"`
	} `json:"balances"`
	Files struct {
		Checked int64    `json:"checked"`
		Wrong   []string `json:"wrong"`
	} `json:"files"`
	Links struct {
		Checked int64     `json:"checked"`
		Wrong   []db.Lost `json:"wrong"`
	} `json:"links"`
}

type wrongBalanceJSON struct {
	Document string `json:"document"`
	Stored   string `json:"stored"`
	Computed string `json:"computed"`
	Currency string `json:"currency"`
}

func (v verified) ok() bool {
	return v.Journal.Intact && len(v.Balances.Wrong)+len(v.Files.Wrong)+len(v.Links.Wrong) == 0
}

// verifyBooks recomputes the journal, the balances, the messages and the files.
func verifyBooks(ctx context.Context, tx *db.Tx, s creditor.Scope) (v verified, err error) {
	v.Balances.Wrong, v.Files.Wrong = []wrongBalanceJSON{}, []string{}
	chain, err := journal.Verify(ctx, tx, s)
	if err != nil {
		return v, err
	}
	v.Journal.Entries, v.Journal.Intact = chain.Entries, chain.Intact
	if !chain.Intact {
		v.Journal.BrokenAt = &chain.BrokenAt
	}
	checked, wrong, err := ledger.Verify(ctx, tx, s)
	if err != nil {
		return v, err
	}
	v.Balances.Checked = checked
	for _, w := range wrong {
		v.Balances.Wrong = append(v.Balances.Wrong, wrongBalanceJSON{
			w.Number, w.Stored.Decimal(), w.Computed.Decimal(), string(w.Stored.Currency),
		})
	}
	for _, check := range []func(context.Context, *db.Tx, creditor.Scope) (int64, []string, error){
		ledger.VerifyFiles, reminder.VerifyMessages,
	} {
		n, spoilt, err := check(ctx, tx, s)
		if err != nil {
			return v, err
		}
		v.Files.Checked += n
		v.Files.Wrong = append(v.Files.Wrong, spoilt...)
	}
	return v, v.links(ctx, tx, s)
}

// links finds what was taken away behind the program's back: what is left names it.
func (v *verified) links(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	v.Links.Wrong = []db.Lost{}
	for _, check := range []func(context.Context, *db.Tx, creditor.Scope) (int64, []db.Lost, error){
		ledger.VerifyLinks, bank.VerifyRecords, cash.VerifyApplied, lifecycle.VerifyStatuses,
	} {
		n, lost, err := check(ctx, tx, s)
		if err != nil {
			return err
		}
		v.Links.Checked += n
		v.Links.Wrong = append(v.Links.Wrong, lost...)
	}
	return nil
}

// lostWords name the tables of what was lost.
var lostWords = map[string]i18n.Words{
	"document":          {FR: "pièce", EN: "document"},
	"allocation":        {FR: "affectation", EN: "allocation"},
	"bank_entry":        {FR: "opération bancaire", EN: "bank entry"},
	"bank_record":       {FR: "ligne de relevé", EN: "line of a statement"},
	"bank_statement":    {FR: "relevé", EN: "statement"},
	"cash_entry":        {FR: "rapprochement", EN: "matching"},
	"cash_application":  {FR: "affectation d’une opération", EN: "application of an entry"},
	"cash_part":         {FR: "part d’une affectation", EN: "part of an application"},
	"lifecycle_status":  {FR: "statut de facture", EN: "status of an invoice"},
	"lifecycle_message": {FR: "message de statut", EN: "message of a status"},
	"lifecycle_effect":  {FR: "effet d’un statut", EN: "effect of a status"},
	"file":              {FR: "fichier", EN: "file"},
}

// tellLost says where something is missing, and what.
func (p *Program) tellLost(w io.Writer, x db.Lost) {
	where := lostWords[x.Table].In(p.lang) + " " + x.ID
	if x.Missing == "" {
		fmt.Fprintf(w, p.say("  %s : altérée, ou plus rien ne la dit\n", "  %s: altered, or nothing tells it any more\n"), where)
		return
	}
	fmt.Fprintf(w, p.say("  %s : manque %s %s\n", "  %s: missing %s %s\n"), where,
		lostWords[x.Target].In(p.lang), x.Missing)
}

func (p *Program) doVerify(ctx context.Context, c *cli.Command) error {
	if c.Args().Len() > 0 {
		return p.doVerifyFiles(c.Args().Slice())
	}
	url, err := p.url(c)
	if err != nil {
		return err
	}
	d, err := p.bare(ctx, url) // a backup has no key beside it, and needs none
	if err != nil {
		return err
	}
	defer d.Close()
	var v verified
	err = p.inside(ctx, c, &Books{DB: d}, func(_ *Books, s creditor.Scope) error {
		return d.Read(ctx, func(tx *db.Tx) (err error) {
			v, err = verifyBooks(ctx, tx, s)
			return err
		})
	})
	if err != nil {
		return err
	}
	if err := p.answer(v, func(w io.Writer) { p.tellVerified(w, v) }); err != nil {
		return err
	}
	if !v.ok() {
		return errSilent
	}
	return nil
}

func (p *Program) tellVerified(w io.Writer, v verified) {
	chain := p.say("chaîne intacte", "chain intact")
	if v.Journal.BrokenAt != nil {
		chain = fmt.Sprintf(p.say("chaîne rompue à l’entrée %d", "chain broken at entry %d"), *v.Journal.BrokenAt)
	}
	fmt.Fprintf(w, p.say("Journal : %d entrées, %s\n", "Journal: %d entries, %s\n"), v.Journal.Entries, chain)
	fmt.Fprintf(w, p.say("Soldes : %d vérifiés, %d faux\n", "Balances: %d checked, %d wrong\n"), v.Balances.Checked,
		len(v.Balances.Wrong))
	for _, x := range v.Balances.Wrong {
		fmt.Fprintf(w, p.say("  %s : %s au lieu de %s %s\n", "  %s: %s instead of %s %s\n"), x.Document, x.Stored,
			x.Computed, x.Currency)
	}
	fmt.Fprintf(w, p.say("Messages et pièces : %d vérifiés, %d altérés\n", "Messages and files: %d checked, %d altered\n"), v.Files.Checked, len(v.Files.Wrong))
	for _, x := range v.Files.Wrong {
		fmt.Fprintf(w, "  %s\n", x)
	}
	fmt.Fprintf(w, p.say("Liens entre pièces, opérations et statuts : %s vérifiés, %s rompus\n", "Links between documents, entries and statuses: %s checked, %s broken\n"),
		p.lang.Int(int(v.Links.Checked)), p.lang.Int(len(v.Links.Wrong)))
	for _, x := range v.Links.Wrong[:min(len(v.Links.Wrong), shown)] {
		p.tellLost(w, x)
	}
}

// verifyAll refuses a database in which anything is wrong.
func verifyAll(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		all, err := creditor.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range all {
			v, err := verifyBooks(ctx, tx, creditor.System(c.ID))
			if err != nil {
				return err
			}
			if !v.ok() {
				return fault.Conflictf("les comptes de « %s » ne sont pas justes à l’arrivée : acquit verify dit lesquels", c.Name)
			}
		}
		return nil
	})
}
