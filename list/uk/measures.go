package uk

import (
	"navicert/list"
	"navicert/list/table"
)

// Reasons in Publication.Rejected: a measure that is not in the table below, and
// an entry without any, which is taken for the strongest lest it be overlooked.
const (
	unknownMeasure = "measure not known, taken for a restriction"
	noMeasure      = "measure not stated, taken for an asset freeze"
)

// measures says what each measure of the UK Sanctions List becomes, under the
// names that "Sanctions Imposed" and SanctionsImposedIndicators have for it.
// Sources: the regulations under the Sanctions and Anti-Money Laundering Act
// 2018, whose section 7 has the measures on ships (port entry, movement,
// detention, registration), and the 23 combinations in the list of November
// 2022.
var measures = map[string]list.Measure{
	"asset_freeze": list.Block, "assetfreeze": list.Block,
	"travel_ban": list.TravelBan, "travelban": list.TravelBan,
	"arms_embargo": list.ExportControl, "armsembargo": list.ExportControl,
	"targeted_arms_embargo": list.ExportControl, "targetedarmsembargo": list.ExportControl,
	"prohibition_of_port_entry": list.PortBan, "prohibitionofportentry": list.PortBan,
	"movement_of_ships": list.Detention, "movementofships": list.Detention,
	"detention_of_ships": list.Detention, "detention": list.Detention, "detentionofships": list.Detention,
	"deflag": list.Deregister, "de_flag": list.Deregister, "registration_of_ships": list.Deregister,
	"termination_of_registration": list.Deregister, "deregistration": list.Deregister,
	"chartering_of_ships": list.ServicesBan, "charteringofships": list.ServicesBan,
	"prevention_of_chartering_of_ships": list.ServicesBan, "preventionofcharteringofships": list.ServicesBan,
	"prevention_of_chartering_of_ships_and_aircraft": list.ServicesBan, "preventionofcharteringofshipsandaircraft": list.ServicesBan,
	"crew_servicing_of_ships_and_aircraft": list.ServicesBan, "crewservicingofshipsandaircraft": list.ServicesBan,
	"technical_assistance_related_to_aircraft": list.ServicesBan, "technicalassistancerelatedtoaircraft": list.ServicesBan,
	"trust_services_sanctions": list.ServicesBan, "trustservicessanctions": list.ServicesBan, "trust_services": list.ServicesBan,
	"internet_services_sanctions_see_other_information": list.ServicesBan, "internetservicessanctions": list.ServicesBan,
	"transport_sanctions_see_other_information":                  list.Restrict,
	"prohibition_on_correspondent_banking_and_sterling_clearing": list.Restrict,
	"prevention_of_business_arrangements":                        list.Restrict, "preventionofbusinessarrangements": list.Restrict,
	"closure_of_representative_offices": list.Restrict, "closureofrepresentativeoffices": list.Restrict,
	"director_disqualification_sanction": list.Restrict, "directordisqualificationsanction": list.Restrict,
	"director_disqualification_sanctions": list.Restrict, "director_disqualification": list.Restrict,
}

// measure notes a measure that applies to a designation.
func (b *builder) measure(d *draft, word string) {
	m, ok := measures[table.Key(word)]
	if !ok {
		b.fields.Rejected.Add(unknownMeasure, d.ID+" "+word)
		m = list.Restrict
	}
	d.measures = append(d.measures, m)
}
