package cash

import "context"

func (r *run) applyCredits(ctx context.Context) error { return nil }

func (r *run) returns(ctx context.Context) error { return nil }
