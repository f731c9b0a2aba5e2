package ofacgen

import (
	"io"
	"strconv"
	"strings"

	"navicert"
	"navicert/list"
)

// SDN writes entries in the form of SDN.XML.
func SDN(w io.Writer, issue Issue, entries []list.Entry) error {
	p := newPrinter(w)
	p.begin("SDN.XML")
	p.open("sdnList", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xmlns", "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML")
	p.open("publshInformation")
	p.leaf("Publish_Date", issue.Date.Start().Format("01/02/2006"))
	p.leaf("Record_Count", strconv.Itoa(len(entries)))
	p.close("publshInformation")
	for i := range entries {
		p.sdnEntry(&entries[i])
	}
	p.close("sdnList")
	return p.end()
}

func (p *printer) uid() { p.leaf("uid", strconv.Itoa(p.next())) }

func (p *printer) sdnEntry(e *list.Entry) {
	p.open("sdnEntry")
	p.leaf("uid", e.ID)
	last, first := parts(e, e.Name)
	p.optional("firstName", first)
	p.leaf("lastName", last)
	p.leaf("sdnType", map[list.Kind]string{list.Organization: "Entity", list.Person: "Individual", list.Vessel: "Vessel", list.Aircraft: "Aircraft"}[e.Kind])
	var remarks []string
	for _, l := range e.Links {
		remarks = append(remarks, "(Linked To: "+l.Name+")")
	}
	p.optional("remarks", strings.Join(remarks, "; "))
	p.open("programList")
	for _, s := range e.Programmes {
		p.leaf("program", s)
	}
	p.close("programList")
	if all := facts(e); len(all) > 0 {
		p.open("idList")
		for _, f := range all {
			p.open("id")
			p.uid()
			p.leaf("idType", f.typ)
			p.leaf("idNumber", f.value)
			p.optional("idCountry", countryName(f.country))
			p.close("id")
		}
		p.close("idList")
	}
	p.sdnAliases(e)
	if len(e.Addresses) > 0 {
		p.open("addressList")
		for _, a := range e.Addresses {
			p.open("address")
			p.uid()
			p.optional("address1", a.Street)
			p.optional("city", a.City)
			p.optional("country", country(a))
			p.close("address")
		}
		p.close("addressList")
	}
	p.sdnDates(e)
	if e.Kind == list.Vessel {
		p.open("vesselInfo")
		p.optional("callSign", callSign(e))
		p.optional("vesselType", e.VesselType)
		p.optional("vesselFlag", countryName(e.Flag))
		p.optional("vesselOwner", e.Owner)
		p.optional("tonnage", e.Tonnage)
		p.optional("grossRegisteredTonnage", e.GRT)
		p.close("vesselInfo")
	}
	p.close("sdnEntry")
}

func (p *printer) sdnAliases(e *list.Entry) {
	if len(e.Aliases) == 0 {
		return
	}
	p.open("akaList")
	for _, a := range e.Aliases {
		p.open("aka")
		p.uid()
		p.leaf("type", strings.Join(strings.Split(string(a.Kind), ""), ".")+".")
		p.leaf("category", map[bool]string{false: "strong", true: "weak"}[a.Weak])
		last, first := parts(e, a.Name)
		p.leaf("lastName", last)
		p.optional("firstName", first)
		p.close("aka")
	}
	p.close("akaList")
}

func (p *printer) sdnDates(e *list.Entry) {
	items := func(list, item, name string, values []string) {
		if len(values) == 0 {
			return
		}
		p.open(list)
		for i, v := range values {
			p.open(item)
			p.uid()
			p.leaf(name, v)
			p.leaf("mainEntry", strconv.FormatBool(i == 0))
			p.close(item)
		}
		p.close(list)
	}
	items("nationalityList", "nationality", "country", countryNames(nationalities(e)))
	items("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", e.BirthDates)
}

func countryNames(flags []navicert.Flag) []string {
	var names []string
	for _, f := range flags {
		names = append(names, countryName(f))
	}
	return names
}
