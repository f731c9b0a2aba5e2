package screen

import "strings"

// equals are given names that one person is called by in several languages or
// spellings too far apart to be a slip, and short forms. Each line is one name.
// They are names that the lists of 2019 to 2025 have in more than one of the
// forms, and the commonest short forms of English.
var equals = func() map[string][]string {
	groups := map[string][]string{}
	for line := range strings.Lines(`
vladimir volodymyr uladzimir vladimer wladimir vlagyimir volodimir vladimiras vladimirs
aleksandr alexander oleksandr aliaksandr alexandros aleksander aleksandar alexandre alejandro alessandro iskandar
sergey sergei serhiy serhii siarhei sergej sergejs serge sergio
nikolay nikolai mykola mikalai nikolaos nicolas nicholas nikola
mikhail mykhailo mikhailo michael mihail mikail michail michel miguel
dmitry dmitri dmytro dzmitry dmitriy dmitrii dimitri dimitrios
andrey andrei andriy andrii andrew andreas andrej andre andres
aleksey alexei aleksei oleksiy oleksii aliaksei alexey alexis
yevgeny evgeny evgeniy yevgeniy yevhen yevhenii eugene evgenii yevgenii jewgeni
petr pyotr petro piotr peter petros pedro pierre
pavel pavlo paul pablo paulo pawel
yuri yury yuriy yurii iurii juri georgy
igor ihor ihar
oleg oleh aleh
konstantin kostiantyn constantine kanstantsin
vasily vasiliy vasyl vasilii basil
grigory hryhoriy grigoriy gregory ryhor
maksim maxim maksym
elena yelena olena helena alena
olga olha volha
svetlana svitlana sviatlana
yakov iakov jacob yaakov yaqub yacoub jakob
yosef yousef youssef yusuf joseph jose yousif yusif josef giuseppe
ibrahim abraham ebrahim avraham brahim
moshe musa moussa moses mousa
david dawood dawud daoud davud
suleiman solomon sulayman suleyman soleimani sulaiman
ilya elias ilias eliyahu
mohammed muhammad mohamed mohammad mohamad muhammed mehmet magomed mahomed mamadou muhamad mohamud muhammet mohd magomet
ahmed ahmad ahmet akhmed akhmad
hussein husayn hossein hussain husain huseyin huseyn hosein hussien
hassan hasan hassane
osama usama oussama ousama
omar umar omer oumar
othman usman osman uthman ousmane
khaled khalid halid
said saeed saaid sayeed
yahya yahia yehia
abdul abdel abdal abdol abdur abdus abdud abdoul abd
abdullah abdallah abdellah abdulla abdollah abdulloh
mustafa mostafa moustafa mustapha
jamal gamal djamel cemal jamel
qasim kassem qassem ghasem kasim qasem kacem
mahmoud mahmud mahmood mehmood
john johannes jean juan ivan giovanni joao jan johann hans
william guillermo guillaume wilhelm bill
robert roberto bob rob
richard ricardo dick rick
james jim jimmy santiago
thomas tom tomas tommy
edward eduard eduardo ed eddie
charles carlos karl carl charlie
benjamin ben binyamin benny bibi
daniel danny daniil danylo dan
joshua josh
samuel sam samuil
anthony antonio tony anton antoine
stephen steven stefan esteban steve stepan stephane
matthew mateo matthias matt matvey
catherine katherine ekaterina yekaterina kateryna kathryn katarina
elizabeth yelizaveta elisabeth isabel
maria mary marie mariya maryam miriam mariia
george georgios jorge georg georgi giorgi yorgos
henry heinrich enrique henri hendrik
louis luis ludwig luigi lewis
francis francisco franz francesco francois
fyodor fedor fiodor theodore teodoro
`) {
		words := strings.Fields(line)
		for _, w := range words {
			groups[w] = words
		}
	}
	return groups
}()

// patronymics are the endings of a father's name in East Slavic languages, as
// they are romanised.
var patronymics = []string{"ovich", "evich", "ovych", "evych", "ovitch", "evitch", "owitsch", "ovna", "evna", "ivna"}

// equalsOf returns the other ways in which a person's name is given, or nil.
func equalsOf(w string) *spelling {
	if g, ok := equals[w]; ok {
		return &spelling{whole: g}
	}
	for _, ending := range patronymics {
		stem, ok := strings.CutSuffix(w, ending)
		if !ok {
			continue
		}
		var ways []string
		for _, g := range equals[stem] {
			for _, e := range patronymics {
				if strings.HasSuffix(e, "a") == strings.HasSuffix(ending, "a") {
					ways = append(ways, g+e)
				}
			}
		}
		if ways != nil {
			return &spelling{whole: ways}
		}
	}
	return nil
}
