package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/tools/go/packages"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
)

// constantQuery is a query that is known when the program is built.
type constantQuery struct {
	at   token.Position
	text string
}

// Every constant query of the program is prepared on both engines: a misspelt
// column fails here, with its file and line, and not in front of a person.
// Queries that are put together at run time are left to their rooms' tests.
func TestEveryConstantQueryPreparesOnBothEngines(t *testing.T) {
	t.Parallel()
	queries := constantQueries(t)
	const atLeast = 150 // fewer means that they are no longer found
	if len(queries) < atLeast {
		t.Fatalf("found %d constant queries, which is too few to believe", len(queries))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, q := range queries {
			if err := prepare(t.Context(), d, i, q.text); err != nil {
				t.Errorf("%s: %v", q.at, err)
			}
		}
	})
}

func prepare(ctx context.Context, d *db.DB, i int, query string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		switch raw := tx.Raw().(type) {
		case *sql.Tx:
			st, err := raw.PrepareContext(ctx, query)
			if err == nil {
				err = st.Close()
			}
			return err
		case pgx.Tx:
			_, err := raw.Prepare(ctx, fmt.Sprintf("q%d", i), query)
			return err
		}
		return fmt.Errorf("unknown engine %T", tx.Raw())
	})
}

// constantQueries finds the query argument of every call to the db room.
func constantQueries(t *testing.T) []constantQuery {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedImports,
	}, "acquit/internal/...")
	if err != nil {
		t.Fatal(err)
	}
	var found []constantQuery
	for _, p := range loaded {
		for _, e := range p.Errors {
			t.Fatal(e)
		}
		if strings.HasSuffix(p.PkgPath, "internal/db") {
			continue // the engines' own
		}
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				arg := queryArgument(p.TypesInfo, call)
				if arg == nil {
					return true
				}
				if v := p.TypesInfo.Types[arg].Value; v != nil && v.Kind() == constant.String {
					found = append(found, constantQuery{p.Fset.Position(arg.Pos()), constant.StringVal(v)})
				}
				return true
			})
		}
	}
	return found
}

// queryArgument is the query of db.One, db.All, db.Each and (*db.Tx).Exec.
func queryArgument(info *types.Info, call *ast.CallExpr) ast.Expr {
	fun := ast.Unparen(call.Fun)
	if ix, ok := fun.(*ast.IndexExpr); ok {
		fun = ix.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	f, ok := info.Uses[sel.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "acquit/internal/db" {
		return nil
	}
	place := map[string]int{"One": 3, "All": 3, "Each": 3, "Exec": 1}[f.Name()]
	if place == 0 || len(call.Args) <= place {
		return nil
	}
	return call.Args[place]
}
