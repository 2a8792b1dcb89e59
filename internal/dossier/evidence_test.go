package dossier_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dossier"
	"acquit/internal/fault"
)

var today = cal.Must("2026-11-29")

// pdf is enough of a PDF to be told as one.
func pdf(words string) []byte { return []byte("%PDF-1.7\n" + words) }

func bring(b *agreementtest.Books, e dossier.Evidence, content []byte) (dossier.Evidence, error) {
	err := b.Try(func(ctx context.Context, tx *db.Tx) error {
		return dossier.AddEvidence(ctx, tx, b.Scope, &e, content, today)
	})
	return e, err
}

func evidence(b *agreementtest.Books, customer string) (list []dossier.Evidence) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = dossier.EvidenceOf(ctx, tx, b.Scope, customer)
		return err
	})
	return list
}

func TestPiecesAreKeptWithTheirFingerprintUntilTheyAreWithdrawn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		one, other := b.Customer("C1"), b.Customer("C2")
		f1 := b.Invoice(one, "F1", today.Add(-40), agreementtest.EUR(100_00))
		b.Invoice(other, "F2", today.Add(-40), agreementtest.EUR(100_00))
		delivery, err := bring(b, dossier.Evidence{
			Customer: one, Kind: dossier.Delivery, Name: `C:\scans\BL é.exe`, Documents: []string{"F1"}, On: today.Add(-70),
		}, pdf("livré"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bring(b, dossier.Evidence{Customer: one, Kind: dossier.CompanyExtract, Name: "kbis.pdf"}, pdf("kbis")); err != nil {
			t.Fatal(err)
		}
		list := evidence(b, one)
		if len(list) != 2 || list[0].Name != "BL é.exe" || list[0].MediaType != "application/pdf" ||
			!cmp.Equal(list[0].Documents, []string{f1.ID}) || list[1].On != today {
			t.Fatalf("the dossier holds %+v", list)
		}
		if shared := evidence(b, other); len(shared) != 1 || shared[0].Kind != dossier.CompanyExtract {
			t.Errorf("the other customer’s dossier holds %+v", shared)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			content, err := list[0].Content(ctx, tx, b.Scope)
			if string(content) != string(pdf("livré")) {
				t.Errorf("the piece reads %q, %v", content, err)
			}
			return nil
		})
		withdraw := func(why string) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return dossier.Withdraw(ctx, tx, b.Scope, one, delivery.ID, why)
			})
		}
		if err := withdraw(" "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("withdrawing without a reason: %v", err)
		}
		if err := withdraw("mauvaise facture"); err != nil {
			t.Fatal(err)
		}
		if err := withdraw("encore"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("withdrawing twice: %v", err)
		}
		if e := evidence(b, one)[0]; !e.Withdrawn() || e.WithdrawnWhy != "mauvaise facture" {
			t.Errorf("the withdrawn piece is %+v", e)
		}
		if got, want := b.Actions(one), []string{"evidence.added", "evidence.added", "evidence.withdrawn"}; !cmp.Equal(got, want) {
			t.Error(cmp.Diff(want, got))
		}
	})
}

func TestPiecesThatCannotBeAreRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		one, other := b.Customer("C1"), b.Customer("C2")
		b.Invoice(other, "F2", today, agreementtest.EUR(100_00))
		if _, err := bring(b, dossier.Evidence{Customer: one, Kind: dossier.Order, Name: "a.pdf"}, pdf("a")); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name    string
			e       dossier.Evidence
			content string
			want    string
		}{
			{"a kind of nobody", dossier.Evidence{Kind: "gossip", Name: "a.pdf"}, "%PDF-1.7", "n’en est pas un"},
			{"nothing", dossier.Evidence{Kind: dossier.Order, Name: "a.pdf"}, "", "vide"},
			{"a program called PDF", dossier.Evidence{Kind: dossier.Order, Name: "a.pdf"}, "MZ\x90\x00", "n’entre pas"},
			{"a script", dossier.Evidence{Kind: dossier.Order, Name: "a.txt"}, "#!/bin/sh\n", "n’entre pas"},
			{"a page", dossier.Evidence{Kind: dossier.Order, Name: "a.pdf"}, "<html><script>", "n’entre pas"},
			{"a bundle", dossier.Evidence{Kind: dossier.Order, Name: "a.zip"}, "PK\x03\x04", "n’entre pas"},
			{"a giant", dossier.Evidence{Kind: dossier.Order, Name: "a.pdf"}, "%PDF-1.7" + strings.Repeat("x", dossier.MaxPiece), "trop lourd"},
			{"of tomorrow", dossier.Evidence{Kind: dossier.Order, Name: "a.pdf", On: today.Add(1)}, "%PDF-1.7", "à venir"},
			{"of somebody else’s invoice", dossier.Evidence{
				Kind: dossier.Delivery, Name: "a.pdf", Documents: []string{"F2"},
			}, "%PDF-1.7", "de ce client"},
			{"a second time", dossier.Evidence{Kind: dossier.Order, Name: "b.pdf"}, string(pdf("a")), "déjà au dossier"},
		} {
			c.e.Customer = one
			if _, err := bring(b, c.e, []byte(c.content)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		reader := b.Reader()
		err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			return dossier.AddEvidence(ctx, tx, reader, &dossier.Evidence{Customer: one, Kind: dossier.Order}, pdf("r"), today)
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("who may only look brought a piece: %v", err)
		}
	})
}
