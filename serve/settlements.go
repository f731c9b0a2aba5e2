package serve

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"navicert"
	"navicert/decide"
)

// Settling is what a person says of what a certificate refers for.
type Settling struct {
	Of    string        `json:"certificate" doc:"its id, or the first digits of it; or your own id of the voyage, whose newest certificate is meant" example:"A-1"`
	Rule  string        `json:"rule" doc:"the rule that refers, with or without its pack; or the matter, as the certificate shows it" example:"gap-near-zone"`
	Ref   string        `json:"ref,omitempty" doc:"where the rule refers for several things: the entry, event, zone or licence in its evidence"`
	All   bool          `json:"all,omitempty" doc:"settle all that the rule refers for"`
	Who   string        `json:"who" doc:"who settled it"`
	What  string        `json:"what,omitempty" doc:"what was seen or done: a document and its hash, a call"`
	Why   string        `json:"why" doc:"on what grounds"`
	Until navicert.Date `json:"until" doc:"the last day on which it holds" example:"2027-03-31"`
}

// SettlementNow is a settlement and how it stands.
type SettlementNow struct {
	decide.Settlement
	State string `json:"state" doc:"whether it is in force, expired or was taken back"`
}

// Withdrawal is who takes a settlement back.
type Withdrawal struct {
	Who string `json:"who" doc:"who takes it back" minLength:"1"`
	Why string `json:"why,omitempty" doc:"for what reason"`
}

// registerSettlements adds how a person settles what certificates refer for.
func registerSettlements(api huma.API, b Backend) {
	type settlementsOut struct {
		Settlements []SettlementNow `json:"settlements"`
	}
	huma.Register(api, get("settlements", "/settlements", "What has been settled, the oldest first, those taken back too", "certificates"),
		func(ctx context.Context, _ *struct{}) (*reply[settlementsOut], error) {
			all, err := b.Settlements(ctx)
			return answer(settlementsOut{orEmpty(all)}, err)
		})
	type withdrawIn struct {
		ID   string `path:"id" doc:"the settlement" example:"s-0123456789ab"`
		Body Withdrawal
	}
	huma.Register(api, post("withdraw", "/settlements/{id}/withdrawal", "Take a settlement back; it stays as history", "certificates"),
		func(ctx context.Context, in *withdrawIn) (*reply[SettlementNow], error) {
			s, err := b.WithdrawSettlement(ctx, in.ID, in.Body)
			return answer(s, err)
		})
	type settleIn struct{ Body Settling }
	huma.Register(api, post("settle", "/settlements", "Record how a person settled what a certificate refers for", "certificates"),
		func(ctx context.Context, in *settleIn) (*reply[settlementsOut], error) {
			settled, err := b.Settle(ctx, in.Body)
			return answer(settlementsOut{orEmpty(settled)}, err)
		})
}
