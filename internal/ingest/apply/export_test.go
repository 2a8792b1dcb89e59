package apply

// InPortions makes an import write so few rows at a time, and put twice as many
// in order, that a small file has many seams.
func (o Options) InPortions(rows int) Options {
	o.portion, o.window = rows, 2*rows
	return o
}
