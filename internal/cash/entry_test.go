package cash_test

import (
	"context"
	"encoding/json"
	"fmt"

	"acquit/internal/bank"
	"acquit/internal/db"
)

func (w *world) entry(e bank.Entry) string {
	w.t.Helper()
	w.n++
	id := ""
	w.write(func(ctx context.Context, tx *db.Tx) error {
		id = tx.NewID("ent")
		known, _ := json.Marshal(map[string]any{"on": e.On, "cur": "EUR", "amt": e.Amount.Minor, "means": e.Means, "label": e.Label, "texts": []string{e.Label}})
		for _, q := range []string{
			`INSERT INTO bank_source (creditor_id,id,iban,number,holder,bic,label,created_at) VALUES ($1,'src','FR76','','','','',$2) ON CONFLICT DO NOTHING`,
			`INSERT INTO bank_statement (creditor_id,id,source_id,currency,kind,format,number,entries,amount,import_id,file,sha256,place,line,nth,created_at) VALUES ($1,'sta','src','EUR','booked','camt','',0,0,'','','','',0,1,$2) ON CONFLICT DO NOTHING`,
		} {
			if _, err := tx.Exec(ctx, q, w.s.Creditor, tx.Now); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO bank_entry (creditor_id,id,source_id,statement_id,currency,on_day,amount,status,means,label,end_to_end,mandate,bank_ref,party,party_iban,batch,whole_id,detailed,counts,returned,undoes_id,used,known,mark,created_at)
			VALUES ($1,$2,'src','sta','EUR',$3,$4,'booked',$5,$6,'','','','','','','',false,true,'','',false,$7,$8,$9)`,
			w.s.Creditor, id, e.On, e.Amount.Minor, string(e.Means), e.Label, string(known), tx.NewID("mrk"), tx.Now)
		return err
	})
	return id
}
