package db

import "context"

// Exclusive takes key for this process until release is called or the process
// dies, however it dies. ok is false when another has it.
func (d *DB) Exclusive(ctx context.Context, key string) (release func(), ok bool, err error) {
	return d.engine.exclusive(ctx, key)
}
