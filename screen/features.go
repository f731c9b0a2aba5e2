package screen

// Feature describes one feature of [Hit.Why].
type Feature struct {
	Name string
	Doc  string
	Most float64 // the greatest weight that it can have
}

// Features lists what answers are made of.
func Features() []Feature {
	return []Feature{
		{"imo", "IMO numbers compared: an equal one is the hull or the company, another is another hull.", weightIMO},
		{"mmsi", "The MMSI asked for is listed; MMSIs are given again.", weightMMSI},
		{"call_sign", "The call sign asked for is listed; call signs are given again.", weightCallSign},
		{"name", "How near the names are.", 1},
		{"numeral", "Numerals, or single letters of ships' names, differ.", weightMarks},
		{"weak_alias", "Only an alias that the publisher calls weak is near.", weightWeak},
		{"birth_date", "Birth dates compared, as exactly as both are known.", shareBirth},
		{"gender", "Genders of persons compared; one that agrees shows little.", weightOtherGender},
		{"alias", "The name is the same as an alias, not the primary name.", weightAlias},
		{"country", "Countries compared.", shareCountry},
		{"flag", "Flags compared; flags change.", shareFlag},
	}
}
