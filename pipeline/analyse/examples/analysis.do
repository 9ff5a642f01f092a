* Analysing an anjuan database in Stata (14 or later). 用 Stata 分析案卷数据库。
*
*   anjuan export --db study.db --out study --form stata
*
* Codes carry value labels; .a is "out of scope, not coded", . is missing; "not mentioned" and "unclear" are values of their own.

version 14
clear all
use "study/cases.dta"
describe attack_type cause alcohol
keep if in_scope == 1

* Cases by attack type, and causes by type. What is missing is shown, not dropped. 缺失值照列，不剔除。
tabulate attack_type, missing
tabulate cause attack_type, missing column

* Alcohol, of those whose text says whether there was drink (1 yes, 2 no, 3 not mentioned).
tabulate alcohol attack_type if inlist(alcohol, 1, 2), exact

* What had been tried before the attack: one 0/1 variable for each channel.
tabstat prior_dispute_negotiation-prior_dispute_litigation, by(attack_type) statistics(sum mean)

* Terms of those sentenced to a term: each case with its defendants.
keep judgment_id attack_type
merge 1:m judgment_id using "study/defendants.dta", keep(match) nogenerate
tabstat sentence_months if sentence_months > 0 & !missing(sentence_months), by(attack_type) statistics(n p25 p50 p75)
