"""Words so frequent in English that in lower case they are rarely meant as a title: "help", "weekend", "remember".

The list is the frequent part of the encoder's own vocabulary, which is ordered by frequency: its words with the numbers
1996 to 6299 (BERT uncased, Apache-2.0). The hand-made lists beside it hold words that people use about films.
"""

from chatrec.linking.common_words import COMMON

_CHAT = frozenset(
    """
    awesome creepy creep funny scary sequel sequels prequel flick flicks superhero superheroes theater theaters theatre
    theatres thriller thrillers zombie zombies popcorn tonight favourite favourites haven havent havnt hasnt hadnt didnt dont
    doesnt isnt wasnt wouldnt couldnt shouldnt ive im ill id youre youve theyre thats theres whats lets lol haha yep yup nope
    cant wont nobody everyone everybody somebody anybody wanna gonna gotta mood animated oldie oldies
    """.split()
)
_FREQUENT = frozenset(
    """
abandoned abbey abc ability able about above academic academy accept accepted access accident accompanied according
account accounts accused achieve achieved acid acquired acres across act acted acting action actions active
activities activity actor actors actress acts actual actually ad adam adams adapted add added adding addition
additional additionally address adjacent administration administrative admiral admitted adopted adult adults advance
advanced advantage adventure advice affairs affected afraid africa african after afternoon afterwards again against
age aged agency agent agents ages ago agree agreed agreement agricultural agriculture ah ahead aid air aircraft
aired airport al alabama alan albert album albums alex alexander alfred ali alice alive all allen alliance allied
allow allowed allowing allows almost alone along alongside already also alternative although always am amateur
ambassador america american americans among amongst amount an analysis ancient and anderson andrew andy angel
angeles anger angry animal animals ann anna anne anniversary announced annual another answer answered anthony anti
antonio any anymore anyone anything anyway anywhere apart apartment apparently appeal appear appearance appearances
appeared appearing appears apple application applications applied appointed appointment approach approached approval
approved approximately april arab arabic architect architecture are area areas aren arena argentina argued arizona
arm armed arms army around arranged arrested arrival arrived art arthur article articles artillery artist artistic
artists arts as asia asian aside ask asked asking asks aspects ass assault assembly assigned assistance assistant
associate associated association assumed at athletic atlanta atlantic attached attack attacked attacks attempt
attempted attempts attend attendance attended attention attorney attracted audience audio august aunt austin
australia australian austria austrian author authorities authority authors available avenue average aviation avoid
award awarded awards aware away baby bachelor back backed background backing bad bag baker balance ball baltimore
band bands bank banks bar barely baron barry base baseball based basic basis basketball bass bathroom battalion
battery battle bay bbc bc be beach bear beat beating beautiful beauty became because become becomes becoming bed
bedroom been beer before began begin beginning begins begun behavior behind being belgium believe believed bell
belonged below belt ben beneath benefit bent berlin beside besides best better between beyond big biggest bill
billboard billion billy bird birds birth birthday bishop bit black blade block blocks blood blow blue blues board
boat boats bob bobby bodies body bomb bond bone bones book books border born borough boss boston both bottle bottom
bought bound boundary bowl box boy boys brain branch branches brand brazil brazilian break breaking breath breathing
brian brick bridge brief briefly brigade bright bring bringing britain british broad broadcast broadcasting broadway
broke broken bronze brother brothers brought brown bruce budget build building buildings built bureau buried burned
burning bus bush business businesses busy but buy by ca cabinet cable california call called calling calls calm
cambridge came camera camp campaign campbell campus can canada canadian canal cancer candidate candidates cannot cap
capable capacity cape capital captain capture captured car card cards care career careful carefully carl carlos
carolina carried carry carrying cars carter case cases cash cast castle cat catch category cathedral catholic caught
cause caused causes causing cavalry cave cd ceiling cell cells cemetery census center central centre centuries
century ceo ceremony certain certainly chain chair chairman challenge chamber champion champions championship
championships chance change changed changes changing channel chapel chapter character characters charge charged
charges charity charles charlie charlotte chart charter charts chase check cheek cheeks chemical chest chicago chief
child childhood children chin china chinese choice choose chose chosen chris christ christian christmas christopher
church churches cinema circle circuit circumstances cities citizens city civil claim claimed claims claire clark
class classes classic classical classification classified clay clean clear cleared clearly cleveland climate clock
close closed closely closer closing clothes clothing cloud club clubs cm co coach coal coalition coast coastal coat
code coffee cold cole collaboration collected collection college colonel colonial colony color colorado colors
colour columbia column com combat combination combined come comedy comes comic comics coming command commander
commerce commercial commission commissioned commissioner committed committee common commonly commonwealth commune
communication communications communist communities community companies company compared compete competed competition
compilation complete completed completely complex components composed composer composition computer concept concern
concerned concerns concert concluded concrete condition conditions conduct conducted conference confirmed conflict
confused congress connected connecticut connection consecutive conservation conservative consider considerable
considered considering consisted consisting consists constant constituency constitution constructed construction
contact contain contained containing contains contemporary content contest context continue continued continues
continuing contract contrast contributed contributions control controlled convention conversation converted cook
cool cooper copies copy core corner corporate corporation corps correct cost costs could couldn council count
counter counties countries country county couple couples course courses court courts cousin cover covered covering
covers crash crazy create created creating creation creative credit credited creek crew cricket crime criminal
crisis critic critical criticism critics cross crossed crossing crowd crown cry crystal cultural culture cup current
currently cut cutting cycle czech da dad daily dallas dam damage damaged damn dan dance dancing danger dangerous
daniel danish danny dark darkness data date dated dates dating daughter daughters dave david davis day days dc de
dead deal dean dear death debate debut debuted decade decades december decide decided decision deck declared
dedicated deep deeply defeat defeated defence defense defensive defined definitely definition degree degrees del
delivered demand democratic demon denmark density department depending depression depth deputy der derived des
describe described describes desert design designated designed designer designs desire desk despite destroy
destroyed destruction details determine determined detroit develop developed developing development device devices
di dick did didn die died diego difference differences different difficult digital dinner diocese direct directed
direction directly director directors disappeared disc discovered discovery disease display distance distinct
distinguished distributed distribution district districts divided division divisions dna do doctor document
documentary documents does doesn dog dogs doing domain domestic don donald done door doors double doubt douglas down
downtown dr draft dragon drama draw drawing drawn dream dreams dress dressed drew drink drinking drive driven driver
driving drop dropped drove drug drugs drums dry du dublin due duke during dutch duties duty dvd dying dynasty each
ear earl earlier earliest early earned ears earth easier easily east eastern easy eat eating economic economics
economy ed eddie edge edinburgh edited edition editor educated education educational edward effect effective effects
effort efforts egypt eight eighth either el elected election elections electoral electric electrical electronic
element elementary elements eleven eliminated elizabeth else emerged emergency emily emma emperor empire employed
employees employment empty en end ended ending ends enemy energy engaged engine engineer engineering engineers
engines england english enjoy enjoyed enough ensure enter entered entering entertainment entire entirely entitled
entrance entry environment environmental ep episode episodes equal equipment equipped equivalent era eric escape
especially establish established establishment estate estimated et etc ethan ethnic europe european even evening
event events eventually ever every everyone everything evidence evil ex exactly example examples except exchange
executive exhibition exist existed existence existing exit expanded expansion expect expected expedition experience
experienced explain explained exposed express expressed expression extended extension extensive extra extreme
extremely eye eyes face faced faces facilities facility facing fact factor factors factory faculty failed failure
fair faith fall fallen falling falls false fame familiar families family famous fan fans fantasy far farm fashion
fast faster father favor favorite fc fear feature featured features featuring february federal federation feed feel
feeling feelings feels feet fell fellow felt female females festival few fiction field fields fifa fifteen fifth
fifty fight fighter fighting figure figures file fill filled film films final finally finals finance financial find
finding finds fine finger fingers finish finished finishing fire fired firm first fish fishing fit five fixed flag
flash flat fleet flesh flew flight floor florida flow flowers flows fly flying fm focus focused folk follow followed
following follows food foot football footballer for force forced forces ford forehead foreign forest forests forever
forget form formal formally format formation formed former formerly forming forms formula fort forth forty forward
fought found foundation founded founder founding four fourth fox frame france francis francisco frank franklin fred
frederick free freedom french frequency frequently fresh friday friend friendly friends from front fruit ft fuel
full fully fun function functions fund funding funds funny further future gabriel gain gained gallery game games
gang garden gardens gary gas gate gathered gave gay gaze gender gene general generally generation gently genus
george georgia german germany get gets getting ghost giant gift girl girls give given gives giving glad glance
glanced glass global go goal goals god gods goes going gold golden golf gone gonna good goods gordon got gotten
government governor grabbed grace grade graduate graduated graham grand grandfather grant granted grass gray great
greater greatest greece greek green grew grey grin grip ground grounds group groups grow growing grown growth guard
guards guess guest guide guilty guitar guitarist gulf gun guns guy guys ha had hadn hair half hall hamilton hand
handed handle hands hanging happen happened happening happy hard harder harris harry harvard has hat hate hated have
haven having he head headed heading headquarters heads health hear heard hearing heart heat heaven heavily heavy
height held hell help helped helping henry her here heritage hero hers herself hey hidden hide high higher highest
highly highway hill hills him himself hip hired his historian historic historical history hit hits hockey hold
holding holds hole holiday hollywood holy home homes hong honor honorary honour hop hope hoped hoping horror horse
horses hospital host hosted hosts hot hotel hour hours house household households houses housing houston how howard
however huge human humans hundred hundreds hung hungarian hungary hunt hunter hunting hurt husband ian ice idea
ideas identified identity if ii iii ill illegal illinois image images imagine immediate immediately impact imperial
importance important impossible improve improved in inc inch inches incident include included includes including
income incorporated increase increased increasing increasingly indeed independence independent index india indian
indiana indicate indicated indigenous individual individuals indonesia industrial industries industry infantry
influence influenced information inhabitants initial initially injured injury inner inside inspired installed
instance instead institute institution institutions instrumental instruments insurance intelligence intended
interest interested interesting interests interior internal international internet interview into introduced
introduction invasion investigation investment invited involved involving iowa iran iraq ireland irish iron is isbn
islamic island islands isn israel israeli issue issued issues it italian italy items its itself iv jack jackson
jacob jake james jamie jan jane january japan japanese jason jaw jay jazz jean jeff jerry jersey jesus jewish jews
jim jimmy job jobs joe john johnny johnson join joined joining joint jon jonathan jones jordan jose joseph journal
journalist journey jr juan judge july jump jumped junction june junior just justice kansas kate keep keeping kelly
kennedy kent kentucky kept kevin key keyboards kg khan kick kid kids kill killed killing kilometres kim kind king
kingdom kings kiss kissed kitchen km knee knees knew knife knight know knowing knowledge known knows kong korea
korean la label labor laboratory labour lack lady laid lake land landed landing lands landscape lane language
languages lap large largely larger largest las last late later latin latter laugh laughed laughing launch launched
law lawrence laws lawyer lay lb le lead leader leaders leadership leading leads league leaned learn learned learning
least leather leave leaves leaving led lee left leg legal legend legislation legislative legs length les less let
letter letters letting level levels lewis li liberal library license lie lies lieutenant life lifted light lights
like liked likely limit limited lincoln line lines link linked lip lips list listed listen listening lit literary
literature little live lived liverpool lives living ll loan local located location locations lock locked london long
longer look looked looking looks loose lord los lose losing loss lost lot loud louis louisiana love loved low lower
ltd lucky luke lunch lying lyrics ma mac machine mad made magazine magic mail main mainly maintain maintained
maintenance major majority make makes makeup making malaysia male males man manage managed management manager
manchester manner manufacturing many map march margaret maria marie marine mark marked market marketing markets
marks marriage married marry marshall martin mary maryland mass massachusetts massive master masters match matches
material materials mathematics matt matter matters matthew max maximum may maybe mayor me mean meaning means meant
meanwhile measure measures meat mechanical medal media median medical medicine medieval medium meet meeting meetings
meets melbourne member members membership memorial memories memory men mental mention mentioned merged message met
metal meters method methods metres metro metropolitan mexican mexico mi miami michael michigan mid middle might mike
mile miles military mill miller million mind mine minimum mining minister ministry minnesota minor minute minutes
mirror miss missed missing mission mississippi missouri mix mixed mm mobile mode model models modern mom moment
moments money monster month months montreal monument moon moore more morgan morning moscow most mostly moth mother
motion motor mount mountain mountains mounted mouth move moved movement movements moves movie movies moving mp mph
mr mrs ms much multi multiple municipal municipality murder murray museum music musical musician musicians muslim
must muttered my myself naked name named names narrow nation national nations native natural nature naval navy ncaa
near nearby nearly necessary neck need needed needs negative neighborhood neither nelson nervous net netherlands
network networks never new newly news newspaper next nfl nice nicholas nick night nine no nodded noise nominated non
none nor normal normally norman north northeast northern northwest norway norwegian nose not notable notably note
noted notes nothing notice noticed novel novels november now nuclear number numbers numerous oak object objects
observed obtained obvious obviously occasionally occupation occupied occur occurred occurs ocean october odd of off
offensive offer offered offering offers office officer officers offices official officially officials often oh ohio
oil okay oklahoma old older oldest oliver olympic olympics on once one ones online only ontario onto open opened
opening opera operate operated operates operating operation operations opinion opportunity opposed opposite
opposition option or orange orchestra order ordered orders oregon organ organisation organization organizations
organized origin original originally orleans orthodox other others otherwise ottoman our out outer outside
outstanding over overall own owned owner owners ownership oxford pacific pack page pages paid pain painted painter
painting paintings pair pakistan palace pale palm pan panel paper papers parallel parents paris parish park parker
parking parliament parliamentary part participate participated particular particularly parties partner partners
partnership parts party pass passage passed passenger passengers passes passing past path patient patients patrick
pattern paul paused pay peace peak peninsula pennsylvania people per percent perfect perform performance
performances performed performing perhaps period permanent persian person personal personality personnel persons
peter phase philadelphia philip philippines philosophy phone photography physical physics piano pick picked picture
pictures piece pieces pierre pilot pink pittsburgh place placed places plain plan plane planet planned planning
plans plant plants plastic plate platform play played player players playing plays please pleasure plot plus pocket
poem poems poet poetry point pointed points poland police policies policy polish political politician politics pool
poor pop pope popular popularity population port portion portugal portuguese position positions positive possibility
possible possibly post potential poverty power powered powerful powers pp practice practices praised pre premier
premiered prepared presence present presented president presidential press pressed pressure pretty prevent previous
previously price priest primarily primary prime prince princess principal print printed prior prison prisoners
private prix prize pro probably problem problems process processes produce produced producer producing product
production productions products professional professor profit program programme programming programs progress
project projects prominent promise promised promote promoted promotion proper properties property proposed protect
protected protection protein protest prove proved provide provided provides providing province provincial public
publication publications published publishing puerto pull pulled pulling purchase purchased pure purpose purposes
push pushed pushing put putting qualified qualifying quality quarter quebec queen queensland question questions
quick quickly quiet quietly quite race races rachel racial racing radio rail railroad railway rain raise raised
raising ran range rank ranked ranking rapid rapidly rare rate rates rather rating ray re reach reached reaching
reaction read reading ready real reality realize realized really rear reason reasons receive received receiving
recent recently recognition recognized record recorded recording recordings records red reduce reduced referee
reference referred refers reform refused regarded regarding regiment region regional regions register registered
regular regularly reign rejected related relations relationship relative relatively release released relief religion
religious remain remained remaining remains remember remembered remix removed renamed repeated replace replaced
replacement replied report reported reports represent representative representatives represented representing
represents republic republican reputation request require required requirements requires rescue research reserve
residence residential residents resigned resistance resolution resources respect respectively responded response
responsibility responsible rest restaurant restored result resulted resulting results retained retired retirement
retrieved return returned returning returns revealed review reviews revolution revolutionary rice rich richard rick
ride ridge riding rifle right rights ring rio rise rising risk river rivers road roads robert robin robinson rock
rocks roger role roles roll rolled rolling roman romantic rome roof room rooms roots rose ross rough roughly round
rounds route routes row roy royal rugby rule ruled rules run runner running runs rural rush russell russia russian
ryan safe safety said saint sale sales salt sam same samuel san sand santa sarah sat satellite saturday save saved
saw say saying says scale scared scene scenes schedule scheduled scheme scholar scholars school schools science
sciences scientific score scored scoring scotland scott scottish screen script sea sean search season seasons seat
seats seattle second secondary seconds secret secretary section sections sector secure security see seeing seek
seeking seem seemed seems seen sees selected selection self sell selling semi senate senator send sending senior
sense sent sentence separate separated september sequence series serious seriously serve served serves service
services serving session set sets setting settled settlement seven seventh several severe sex sexual shadow shadows
shake shaking shall shape shaped share shared sharp she shell shield shift shifted ship ships shirt shit shock shoes
shook shoot shooting shop shopping shore short shortly shot should shoulder shoulders shouldn show showed showing
shown shows shut sick side sides sighed sight sign signal signed significant significantly signs silence silent
silver similar simon simple simply since sing singapore singer singh singing single singles sir sister sisters sit
site sites sitting situated situation six sixth size skills skin sky sleep sleeping slid slightly slipped slow
slowly small smaller smart smell smile smiled smiling smith smoke smooth snapped snow so soccer social socialist
society soft softly software soil solar sold soldier soldiers solid solo solution some somehow someone something
sometimes somewhat somewhere son song songs songwriter sons soon sorry sort sought soul sound sounded sounds
soundtrack source sources south southeast southern southwest soviet space spain spanish speak speaker speaking
special species specific specifically speech speed spell spend spending spent spirit spiritual split spoke spoken
sport sports spot spread spring springs sq squad squadron square sr sri st stadium staff stage stages stairs stand
standard standards standing stands stanley star stare stared staring starred starring stars start started starting
starts state stated statement states stating station stations statue status stay stayed steam steel step stephen
stepped steps steve stewart stick still stock stomach stone stood stop stopped storage store stores stories storm
story straight strange strategic strategy stream street streets strength strike string strip strong strongly struck
structure structures struggle stuck student students studied studies studio studios study studying stuff stupid
style sub subject subjects subsequent subsequently succeeded success successful successfully such sudden suddenly
suffered suffering sugar suggested suggests suicide suit summer sun sunday super superior supplies supply support
supported supporting supposed supreme sure surface surgery surprise surprised surrounded surrounding survey survive
survived susan sweden swedish sweet swimming swiss switzerland sword sydney symphony system systems table tail take
taken takes taking talent talk talked talking tall tamil tank target task taste taught tax taylor tea teacher
teachers teaching team teams tears technical technique techniques technology teeth television tell telling tells
temperature temple temporary ten tennessee tennis term terminal terms territory test testing tests texas text than
thank thanks that the theater theatre their them theme themselves then theory there therefore these they thick thin
thing things think thinking third thirty this thomas thompson those though thought thoughts thousand thousands
threat threatened three threw throat throne through throughout throw thus tie tied tight till tim time times tiny
tip tired title titled titles to today together tokyo told tom tomorrow tone tongue tonight tons tony too took tools
top toronto total totally touch touched tour tournament toward towards tower town towns township track tracks trade
trading tradition traditional traffic trail train trained training trains transfer transferred translated
translation transport transportation travel traveled treated treatment treaty tree trees trial tribe tried tries
trip troops trophy tropical trouble truck true truly trust truth try trying tunnel turkey turkish turn turned
turning turns tv twelve twenty twice twin two ty type types typical typically uk ukraine ukrainian ultimately un
unable uncle und under underground understand understanding understood union unique unit united units universal
universe universities university unknown unless unlike until unusual up upon upper urban us usa use used useful user
users uses using usual usually valley value values vampire vampires van variety various ve vehicle vehicles version
versions very vessel via vice victims victor victoria victory video vienna vietnam view views village villages
violence virgin virginia visible vision visit visited visiting visitors visual vocal vocals voice voiced voices vol
volume von vote voted votes vs waist wait waited waiting wake wales walk walked walker walking wall walls walter
want wanted wanting wants war ward warm warning warren wars was washington wasn waste watch watched watching water
waters wave waves way wayne ways we weak weapon weapons wear wearing weather web website wedding week weekend weekly
weeks weight welcome well welsh went were weren west western wet what whatever wheel when where whereas whether
which while whilst whispered white who whole whom whose why wide widely wife wild will william williams willing
wilson win wind window windows wine wing wings winner winners winning wins winter wisconsin wish wished with within
without wolf woman women won wonder wondered wood wooden woods word words wore work worked workers working works
world worldwide worn worried worry worse worst worth would wouldn wounded wrapped wrestling wright write writer
writers writing written wrong wrote yard yards yeah year years yellow yes yet york you young younger your yourself
youth zealand zero zone
    """.split()
)
_SMALL = frozenset("to it you i me we us he she they him her them be do have not what".split())
_IDIOMS = frozenset(
    (
        "date night",
        "i cant sleep",
        "talk to me",
        "because of you",
        "you laugh",
        "old school",
        "it follows",
        "back and forth",
        "blown away",
        "grown ups",
        "grown up",
        "whats up",
        "what s up",
        "good time",
        "thats it",
        "thats life",
        "what happens",
        "check out",
        "checking out",
        "superhero movie",
        "superhero movies",
        "the end",
        "take care",
    )
)


def ordinary(word: str) -> bool:
    """Whether a bare, lower-case word is one that everybody uses, in any of its regular forms."""
    if word in COMMON or word in _FREQUENT or word in _CHAT or word.isdigit() or len(word) < 3:
        return True
    return any(
        len(word) - len(ending) >= 4
        and (word.removesuffix(ending) in _FREQUENT or word.removesuffix(ending) + "e" in _FREQUENT)
        for ending in ("s", "es", "ed", "ing", "er", "ers", "y", "ly")
        if word.endswith(ending)
    )


def idiom(key: str) -> bool:
    """Whether words together are a turn of phrase more often than a title: "date night", "to live"."""
    words = key.split()
    return key in _IDIOMS or (
        len(words) == 2 and not _SMALL.isdisjoint(words) and all(ordinary(word) and word.isalpha() for word in words)
    )
