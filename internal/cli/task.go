package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/reminder"
	"acquit/internal/task"
)

func (p *Program) task() *cli.Command {
	return p.family("task", "ce qu’une personne doit faire : appels, courriers, adresses à trouver", "what a person has to do: calls, letters, addresses to find",
		&cli.Command{
			Name: "list", Usage: p.say("les tâches à faire, par jour", "the tasks to do, by day"),
			UsageText: "acquit task list --until 2026-11-27",
			Flags: []cli.Flag{
				p.text("until", p.say("à faire d’ici le AAAA-MM-JJ", "to be done by YYYY-MM-DD")),
				&cli.IntFlag{Name: "limit", Value: shown, Usage: p.say("au plus tant de tâches",
					"at most so many tasks")},
			},
			Action: p.doTaskList,
		},
		&cli.Command{
			Name: "done", Usage: p.say("dire comment une tâche a fini", "say how a task ended"), ArgsUsage: "ID",
			UsageText: "acquit task done tsk_… --note \"rappellera jeudi\"",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "outcome", Value: string(task.Done), Usage: p.say("issue : ", "outcome: ") + joined(task.Outcomes())}, p.noteFlag(),
			},
			Action: p.doTaskDone,
		})
}

type taskJSON struct {
	ID       string    `json:"id"`
	Customer string    `json:"customer"`
	Kind     task.Kind `json:"kind"`
	Title    string    `json:"title"`
	Detail   string    `json:"detail"`
	Due      cal.Date  `json:"due"`
}

func (p *Program) doTaskList(ctx context.Context, c *cli.Command) error {
	until, err := p.day(c, "until")
	if err != nil {
		return err
	}
	list := []taskJSON{}
	err = p.read(ctx, c, func(r room) error {
		all, err := task.Open(ctx, r.tx, r.scope, task.Filter{Until: until, Limit: c.Int("limit")})
		if err != nil {
			return err
		}
		ids := make([]string, len(all))
		for i, t := range all {
			ids[i] = t.Customer
		}
		who, err := customer.ByID(ctx, r.tx, r.scope, ids)
		for _, t := range all {
			list = append(list, taskJSON{t.ID, who[t.Customer].Code, t.Kind, t.Title, t.Detail, t.Due})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"tasks": list}, func(w io.Writer) {
		t := p.table(w)
		for _, one := range list {
			t.row(one.Due, one.Customer, one.Kind.In(p.lang), one.Title, one.ID)
		}
		t.endOr(p.say("Aucune tâche.", "No task."))
	})
}

func (p *Program) doTaskDone(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	outcome, err := p.choice(c, "outcome", "", texts(task.Outcomes())...)
	if err != nil {
		return err
	}
	err = p.write(ctx, c, func(r room) error {
		return reminder.FinishTask(ctx, r.tx, r.scope, id, task.Outcome(outcome), c.String("note"))
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}
