# Analysing an anjuan database in R. 用 R 分析案卷数据库。
#
#   anjuan export --db study.db --out study --form r
#   Rscript analysis.R study
#
# Base R only. `read.R` lies beside the exported tables and makes factors, dates and labels of them.

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments)) arguments[1] else "study"
source(file.path(folder, "read.R"), encoding = "UTF-8", chdir = TRUE)

# Cases in scope by attack type. What is missing is shown, not dropped. 缺失值照列，不剔除。
in_scope <- cases[cases$in_scope %in% TRUE, ]
cat("\n", attr(cases$attack_type, "label"), "\n", sep = "")
print(table(in_scope$attack_type, useNA = "ifany"))

# Causes by attack type.
cat("\n", attr(cases$cause, "label"), "\n", sep = "")
print(table(in_scope$cause, in_scope$attack_type, useNA = "ifany"))

# Fisher's exact test of whether alcohol differs between the types: of those whose text says
# whether there was drink (yes, no; the third level is "not mentioned").
said <- in_scope[in_scope$alcohol %in% levels(in_scope$alcohol)[1:2] & !is.na(in_scope$attack_type), ]
drink <- table(droplevels(said$alcohol), droplevels(said$attack_type))
if (nrow(drink) > 1 && ncol(drink) > 1) {
  print(fisher.test(drink, workspace = 2e7))
} else {
  cat("alcohol: too few cases say so for a test\n")
}

# Terms of those sentenced to a term: number, median, quartiles by type.
people <- merge(defendants, in_scope[c("judgment_id", "attack_type")], by = "judgment_id")
terms <- people[people$sentence_months > 0 & !is.na(people$sentence_months), ]
cat("\n", attr(defendants$sentence_months, "label"), "\n", sep = "")
for (type in levels(terms$attack_type)) {
  months <- terms$sentence_months[terms$attack_type %in% type]
  cat(type, ": n = ", length(months), ", median ", median(months), ", quartiles ", paste(quantile(months, c(.25, .75)), collapse = " to "), "\n", sep = "")
}
