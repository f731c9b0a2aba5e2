package serve

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"navicert/list"
	"navicert/screen"
)

// registerSubjects adds what the move of a list means for the saved subjects,
// and how the lists stand with their publishers.
func registerSubjects(api huma.API, b Backend) {
	type changesIn struct {
		Since string `query:"since" doc:"compare with this publication; default: of every list its newest with the one before" example:"ofac-sdn@2025-12-01"`
		AsOf  string `query:"as_of" doc:"up to what had been published by then; default now"`
	}
	type changesOut struct {
		Changes []screen.Change `json:"changes"`
	}
	huma.Register(api, get("subject-changes", "/subjects/changes", "For which saved subjects a hit is new, gone or of an entry that changed", "lists"),
		func(ctx context.Context, in *changesIn) (*reply[changesOut], error) {
			at, err := times(in.AsOf)
			if err != nil {
				return nil, problem(err)
			}
			changes, err := b.SubjectChanges(ctx, in.Since, at[0])
			return answer(changesOut{orEmpty(changes)}, err)
		})
	type pullsOut struct {
		Pulls []list.PullState `json:"pulls"`
	}
	huma.Register(api, get("pulls", "/lists/pulls", "When each list's publisher was last asked and last heard, and what went wrong", "lists"),
		func(ctx context.Context, _ *struct{}) (*reply[pullsOut], error) {
			pulls, err := b.PullStates(ctx)
			return answer(pullsOut{orEmpty(pulls)}, err)
		})
}
