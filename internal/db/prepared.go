package db

import (
	"context"
	"database/sql"
	"sync"
)

// maxPrepared bounds how many statements a pool keeps: more than the program's
// constant queries, so that only lists with ever new conditions are left out.
const maxPrepared = 600

// prepared keeps the statements of a pool that are used again and again, over
// transactions. A statement is prepared at the beginning of a later one: inside
// of a transaction the one writing connection is taken.
type prepared struct {
	pool   *sql.DB
	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	seen   map[string]bool
	wanted []string
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, ready: map[string]*sql.Stmt{}, seen: map[string]bool{}}
}

// find is the prepared statement, or nil; met twice, it is wanted.
func (p *prepared) find(query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.ready[query]; st != nil || len(p.ready)+len(p.wanted) >= maxPrepared {
		return st
	}
	if wanted, seen := p.seen[query]; !seen {
		p.seen[query] = false
	} else if !wanted {
		p.seen[query] = true
		p.wanted = append(p.wanted, query)
	}
	return nil
}

// prepare makes ready what was wanted.
func (p *prepared) prepare(ctx context.Context) error {
	p.mu.Lock()
	wanted := p.wanted
	p.wanted = nil
	p.mu.Unlock()
	for _, query := range wanted {
		st, err := p.pool.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		p.mu.Lock()
		p.ready[query] = st
		p.mu.Unlock()
	}
	return nil
}

// close lets the statements go.
func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range p.ready {
		_ = st.Close()
	}
	clear(p.ready)
}
