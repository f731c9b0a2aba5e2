package serve

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/screen"
	"navicert/screen/own"
)

// registerOwnership adds the question who owns and controls a party.
func registerOwnership(api huma.API, b Backend) {
	ask := func(ctx context.Context, p own.Party, at screen.When) (*reply[own.Answer], error) {
		if p.Name == "" && p.IMO == 0 && p.ID == "" {
			return nil, problem(navicert.Errorf(navicert.Invalid, "ownership", "", "no party is named").WithHint("give a name, an IMO number or an id"))
		}
		v, err := b.View(ctx, at)
		if err != nil {
			return nil, problem(err)
		}
		a, err := v.Owned(p)
		return answer(a, err)
	}
	type getIn struct {
		Name    string `query:"name" doc:"of the party"`
		ID      string `query:"id" doc:"its identifier as the facts give it" example:"ofac-sdn/15001"`
		IMO     string `query:"imo" doc:"of the ship or company"`
		Country string `query:"country" doc:"name or ISO code"`
		AsOf    string `query:"as_of" doc:"the world's time; default now"`
		KnownAt string `query:"known_at" doc:"only what this installation held by then"`
	}
	huma.Register(api, get("ownership", "/ownership", "Whether listed persons own or control a party", "lists"),
		func(ctx context.Context, in *getIn) (*reply[own.Answer], error) {
			at, err := times(in.AsOf, in.KnownAt)
			if err != nil {
				return nil, problem(err)
			}
			p := own.Party{Name: in.Name, ID: in.ID}
			if in.IMO != "" {
				if p.IMO, err = navicert.ParseIMO(in.IMO); err != nil {
					return nil, problem(err)
				}
			}
			if in.Country != "" {
				if p.Country, err = navicert.ParseFlag(in.Country); err != nil {
					return nil, problem(err)
				}
			}
			return ask(ctx, p, screen.When{AsOf: at[0], KnownAt: at[1]})
		})
	type postIn struct {
		Body struct {
			Party   own.Party        `json:"party"`
			AsOf    navicert.Instant `json:"as_of,omitzero" doc:"the world's time; default now"`
			KnownAt navicert.Instant `json:"known_at,omitzero" doc:"only what this installation held by then"`
		}
	}
	huma.Register(api, post("ownership-of", "/ownership", "Whether listed persons own or control a party", "lists"),
		func(ctx context.Context, in *postIn) (*reply[own.Answer], error) {
			return ask(ctx, in.Body.Party, screen.When{AsOf: in.Body.AsOf.Time, KnownAt: in.Body.KnownAt.Time})
		})
}
