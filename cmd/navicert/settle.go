package main

import (
	"context"

	"navicert"
	"navicert/app"
	"navicert/decide"
)

type settleCmd struct {
	Of    string        `arg:"" name:"certificate" help:"The certificate: its id or the first digits of it; or your reference of the voyage, whose newest is meant."`
	Rule  string        `arg:"" help:"The rule that refers, with or without its pack; or the matter, as the certificate shows it."`
	Ref   string        `help:"Where the rule refers for several things: the entry, event, zone or licence in its evidence."`
	All   bool          `help:"Settle all that the rule refers for."`
	Who   string        `required:"" help:"Who settled it."`
	What  string        `help:"What was seen or done: a document and its hash, a call."`
	Why   string        `required:"" help:"On what grounds."`
	Until navicert.Date `required:"" help:"The last day on which it holds." placeholder:"YYYY-MM-DD"`
}

// Help is printed below the flags.
func (settleCmd) Help() string {
	return `The reason is still shown, as settled, with who, why and until when, and refers no
more. It refers again when what it is about changes (the entry, the event, the
zone, the state of the source, the declared voyage as far as it was looked at),
or after the last day. What refuses cannot be settled.

Example:
  navicert settle A-1 gap-near-zone --who "N. N." --what "log book pages 12-14, sha256 5e88…" \
    --why "receiver replaced at sea, class report seen" --until 2027-03-31`
}

// Run records it.
func (c *settleCmd) Run(ctx context.Context, g *globals) error {
	if _, err := navicert.ParseDate(string(c.Until)); err != nil {
		return usageError("settle: --until: " + err.Error())
	}
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	settled, err := a.Settle(ctx, app.Settling{
		Of: c.Of, Rule: c.Rule, Ref: c.Ref, All: c.All, Who: c.Who, What: c.What, Why: c.Why, Until: c.Until,
	})
	if err != nil {
		return err
	}
	return printAll(g, settled, settlementColumns(a))
}

func settlementColumns(a *app.App) []column[decide.Settlement] {
	return []column[decide.Settlement]{
		{"id", func(s decide.Settlement) string { return s.ID }},
		{"rule", func(s decide.Settlement) string { return s.Rule }},
		{"vessel", func(s decide.Settlement) string { return s.Subject }},
		{"asked", func(s decide.Settlement) string { return s.Asked }},
		{"who", func(s decide.Settlement) string { return s.Who }},
		{"what", func(s decide.Settlement) string { return s.What }},
		{"why", func(s decide.Settlement) string { return s.Why }},
		{"at", func(s decide.Settlement) string { return minute(s.At) }},
		{"until", func(s decide.Settlement) string { return string(s.Until) }},
		{"state", a.SettlementState},
	}
}

type settlementsCmd struct {
	List     settlementsListCmd     `cmd:"" help:"Show what has been settled."`
	Withdraw settlementsWithdrawCmd `cmd:"" help:"Take a settlement back; it stays as history."`
}

// Help is printed below the flags.
func (settlementsCmd) Help() string {
	return `Examples:
  navicert settlements list
  navicert settlements withdraw s-0123456789ab --who "N. N." --why "the page was of another ship"`
}

type settlementsListCmd struct{}

// Help is printed below the flags.
func (settlementsListCmd) Help() string {
	return `Example:
  navicert settlements list --format csv`
}

// Run lists them.
func (settlementsListCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Settlements(ctx)
	if err != nil {
		return err
	}
	return printAll(g, all, settlementColumns(a))
}

type settlementsWithdrawCmd struct {
	ID  string `arg:"" name:"id" help:"The settlement, as settlements list shows it."`
	Who string `required:"" help:"Who takes it back."`
	Why string `help:"For what reason."`
}

// Help is printed below the flags.
func (settlementsWithdrawCmd) Help() string {
	return `The next certificate refers again; those issued before stay as they are.

Example:
  navicert settlements withdraw s-0123456789ab --who "N. N." --why "the page was of another ship"`
}

// Run takes it back.
func (c *settlementsWithdrawCmd) Run(ctx context.Context, g *globals) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.WithdrawSettlement(ctx, c.ID, c.Who, c.Why)
}
