"""Words that need help from the sentence before they are read as titles."""

COMMON = frozenset(
    """
    a an the this that these those it its is are was be been i me my you your he him she her we us they them who what when
    where why how which one ones two three four five some any all no not nor or and but so if then than as at by for from in
    into of off on out over to up with without about after again before down more most much many such only own same too very
    can could will would should may might must do does did done have has had get got go going gone come see saw seen watch
    watched like liked love loved hate hated enjoy enjoyed want wanted need find found show shown give given tell told know
    think thought feel felt look looking make made good great best better bad worst nice fun funny scary sad happy dark light
    old new recent classic movie movies film films picture story stories thing things something anything nothing everything
    someone anyone people man men woman women girl girls boy boys kid kids child children family friend friends mother father
    brother sister son daughter wife husband baby guy life death love time day night morning evening week year years world war
    peace game games play school house home city town street road island sea ocean water fire ice snow rain storm wind sun
    moon star stars sky earth space speed heat big small little seven eleven twelve crash alien aliens ghost money crime action
    drama comedy horror thriller romance western mystery musical adventure fantasy animation documentary noir sci fi please
    thanks thank yes yeah no ok okay hello hi hey bye sorry well really maybe just also still even ever never always another
    other different similar else first second third last next lighter darker older newer shorter longer slower faster
    beautiful picture perfect ready wild stupid crazy mad dead living wish hope dream dreams true lies fear faithful safe
    powder casino species shine fled ransom scream contact kiss eraser hackers volcano twister
    daylight sleepers michael ray emma jack rob roy kids clueless gone blue red white black green brown sphere
    primary colors excess amateur nothing personal private parts foreign student bound flirt phantom
    shadow basic instinct broken arrow rich rush hour clerks mask net firm rock fan fugitive game player piano crow client
    addiction arrival assignment associate august babe bananas bean believers bent birds bliss blink breakdown buddy candidate
    captives careful caught century chamber confidential contempt convent craft cure disclosure diva doors drunks edge faces
    fall fallen favor fearless fluke fog freeway fresh friday funeral georgia giant glory graduate heavy hideaway homage howling
    hunted hush innocent innocents invitation junior kissed killer loaded machine malice manhattan matchmaker metro mighty
    mimic mirage naked north notorious nowhere outlaw panther paper persuasion philadelphia picnic priest program promise
    prophecy quest ran reckless relic rescue restoration ridicule ripe roommates saint scout senseless shadows shooter
    shopping sleeper smoke sneakers solo sorcerer spawn speechless spellbound squeeze steel sting stranger stripes substitute
    suture target tainted thieves touch trust turbulence turning twilight twisted underground underneath unforgettable
    visitors witness wolf wonderland barcelona brazil alaska harlem dave ed eddie jude kim anna angela andre carrie laura nell
    rudy stupids mask tango island apartment apartment doctor soldier prince princess king queen
    sequel prequel remake original version everyone says
    specialist professional wrong right high low hard soft long short late early fast slow hot cold
    """.split()  # a list of words reads best as words
)
"""Words that are titles only where the sentence treats them so."""
NEVER = frozenset(
    "a an the it that this these those one ones some any more something anything things thing them him her us me you i movies movie films film ones lot good great fun funny scary old new another other else all classic kids boys girls lads sleepover comedy horror action drama".split()
)
"""Words that are no title even after "I like", in lower case."""
SMALL_TALK = NEVER | frozenset(
    "yes no yeah ok okay to d we they he she and but so thanks hello hi hey lol sorry love loved liked hated enjoyed what watch saw see seen stuff others actor actors actress actresses monday tuesday wednesday thursday friday saturday sunday".split()
)
"""Words that even a capital makes no title: people begin a sentence anew without a full stop."""
OWNERS = frozenset(("the", "a", "an", "my", "your", "his", "her", "our", "their", "this", "that", "some", "any", "no"))
"""Words after which a common word in lower case is a thing, not a title."""
