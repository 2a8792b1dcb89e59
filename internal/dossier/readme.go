package dossier

import (
	"fmt"
	"strings"
)

const howToCheck = `COMMENT VÉRIFIER CE DOSSIER SANS ACQUIT

1. Les fichiers. SHA256SUMS donne l’empreinte SHA-256 de chaque fichier.
   Dans le dossier décompressé :
     Linux :         sha256sum -c SHA256SUMS
     macOS :         shasum -a 256 -c SHA256SUMS
     Windows :       certutil -hashfile FICHIER SHA256
   Un fichier changé d’un seul octet n’a plus son empreinte. MANIFEST.json dit
   en plus ce qu’est chaque fichier, son nom d’origine et sa date.

2. Les messages. Chaque fichier de 09-messages est, octet pour octet, ce qui est
   parti. Les .eml s’ouvrent dans tout logiciel de courrier. Son empreinte est
   aussi dans le journal, à l’entrée « message.sent » du jour de l’envoi.

3. Le journal. 16-journal/journal.jsonl donne une entrée par ligne. La règle du
   calcul est dans 16-journal/chaine.json. En Python :

     import hashlib, json
     chaine = json.load(open("16-journal/chaine.json", encoding="utf-8"))
     for ligne in open("16-journal/journal.jsonl", encoding="utf-8"):
         e = json.loads(ligne)
         suite = b""
         for c in (e["previous"], chaine["creditor"], str(e["seq"]), e["at"],
                   e["actor"], e["action"], e["subject"], e["body"]):
             o = c.encode("utf-8")
             suite += str(len(o)).encode() + b":" + o + b"\n"
         assert hashlib.sha256(suite).hexdigest() == e["hash"], e["seq"]

   Les numéros absents parlent d’autres clients : ils ne sont pas communiqués.
   Le champ « previous » de l’entrée suivante les scelle.

4. Le tout. « acquit verify FICHIER.zip » fait ces contrôles, et celui de
   l’archive elle-même. L’empreinte de l’archive entière est inscrite au journal
   du créancier le jour où elle a été faite (« dossier.made »).

Ces contrôles montrent que rien n’a changé depuis que le dossier a été fait. Ils
ne disent pas qui l’a fait : pour cela, demandez au créancier l’empreinte qu’il a
gardée de cette archive.
`

// readme is what a reader without Acquit needs to know.
func readme(a *archive, told []*builder) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "Dossier de recouvrement arrêté au %s\nCréancier : %s\n", a.manifest.On.Long("fr"), a.manifest.Creditor.Name)
	if a.manifest.Recipient != "" {
		fmt.Fprintf(&s, "Remis à : %s\n", a.manifest.Recipient)
	}
	for i, b := range told {
		fmt.Fprintf(&s, "\nDébiteur : %s (%s), complet à %d %%\n", b.customer.Name, b.customer.Code, b.complete.Percent)
		if f := a.manifest.Customers[i].Folder; f != "" {
			fmt.Fprintf(&s, "Dans : %s/\n", f)
		}
		fmt.Fprintf(&s, "  %-36s %s\n", "00-synthese.pdf", "à lire d’abord")
		for _, list := range [][]remark{sorted(b.remarks), sorted(b.absent)} {
			for _, r := range list {
				fmt.Fprintf(&s, "  %-36s %s\n", r.folder, r.text)
			}
		}
	}
	s.WriteString("\n" + howToCheck)
	return []byte(strings.ReplaceAll(French(s.String()), "\n", "\r\n"))
}
