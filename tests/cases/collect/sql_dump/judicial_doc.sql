/*
 Navicat Premium Data Transfer
*/

SET NAMES utf8mb4;

-- ----------------------------
-- Table structure for judicial_doc
-- ----------------------------
DROP TABLE IF EXISTS `judicial_doc`;
CREATE TABLE `judicial_doc`  (
  `id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'id; it''s',
  `title` longtext CHARACTER SET utf8mb4 NULL COMMENT 'title; it''s',
  `pubdate` longtext CHARACTER SET utf8mb4 NULL COMMENT 'pubdate; it''s',
  `html` longtext CHARACTER SET utf8mb4 NULL COMMENT 'html; it''s',
  `doc_id` longtext CHARACTER SET utf8mb4 NULL COMMENT 'doc_id; it''s',
  `case_name` longtext CHARACTER SET utf8mb4 NULL COMMENT 'case_name; it''s',
  `case_no` longtext CHARACTER SET utf8mb4 NULL COMMENT 'case_no; it''s',
  `trial_procedure` longtext CHARACTER SET utf8mb4 NULL COMMENT 'trial_procedure; it''s',
  `upload_date` longtext CHARACTER SET utf8mb4 NULL COMMENT 'upload_date; it''s',
  `case_type` longtext CHARACTER SET utf8mb4 NULL COMMENT 'case_type; it''s',
  `correction_instrument` longtext CHARACTER SET utf8mb4 NULL COMMENT 'correction_instrument; it''s',
  `court_name` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_name; it''s',
  `court_id` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_id; it''s',
  `court_provinces` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_provinces; it''s',
  `court_city` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_city; it''s',
  `court_districts_counties` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_districts_counties; it''s',
  `court_area` longtext CHARACTER SET utf8mb4 NULL COMMENT 'court_area; it''s',
  `instrument_type` longtext CHARACTER SET utf8mb4 NULL COMMENT 'instrument_type; it''s',
  `full_document_types` longtext CHARACTER SET utf8mb4 NULL COMMENT 'full_document_types; it''s',
  `referee_date` longtext CHARACTER SET utf8mb4 NULL COMMENT 'referee_date; it''s',
  `close_mode` longtext CHARACTER SET utf8mb4 NULL COMMENT 'close_mode; it''s',
  `level_of_effectiveness` longtext CHARACTER SET utf8mb4 NULL COMMENT 'level_of_effectiveness; it''s',
  `unpublic_reasons` longtext CHARACTER SET utf8mb4 NULL COMMENT 'unpublic_reasons; it''s',
  `DocContent` longtext CHARACTER SET utf8mb4 NULL COMMENT 'DocContent; it''s',
  PRIMARY KEY (`id`) USING BTREE,
  UNIQUE INDEX `doc_id`(`doc_id`) USING BTREE
) ENGINE = InnoDB CHARACTER SET = utf8mb4 COMMENT = '裁判文书表';

-- ----------------------------
-- Records of judicial_doc
-- ----------------------------
INSERT INTO `judicial_doc` VALUES (1, '张某故意伤害一审刑事判决书', '2019-04-01', '<a type=\'dir\' name=\'WBSB\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>江州省临江市东湖区人民法院</div><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>刑 事 判 决 书</div><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>（2019）江0104刑初12号</div><a type=\'dir\' name=\'DSRXX\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>公诉机关临江市东湖区人民检察院。</div><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>被告人张某，男，1985年出生，汉族，初中文化，务工，住临江市东湖区。因涉嫌犯故意伤害罪于2018年10月9日被取保候审。</div><a type=\'dir\' name=\'SSJL\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>临江市东湖区人民检察院以江东检刑诉（2019）8号起诉书指控被告人张某犯故意伤害罪，向本院提起公诉。现已审理终结。</div><a type=\'dir\' name=\'AJJBQK\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>经审理查明，2018年9月30日上午，张某在某医院药房窗口因退药一事同药师李某吵了起来，隔着窗口用水杯砸中李某左手。经鉴定，李某的损伤为轻伤二级。</div><a type=\'dir\' name=\'CPYZ\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>本院认为，被告人张某故意伤害他人身体，致一人轻伤，其行为已构成故意伤害罪。依照《中华人民共和国刑法》第二百三十四条第一款之规定，判决如下：</div><a type=\'dir\' name=\'PJJG\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>被告人张某犯故意伤害罪，判处拘役四个月，缓刑六个月。</div><a type=\'dir\' name=\'WBWB\'></a><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>审　判　长　　王　某</div><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>二〇一九年三月五日</div><div style=\'LINE-HEIGHT: 25pt;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;\'>书　记　员　　赵　某</div>', '0f0f0f0f-0000-4000-8000-000000000018', '张某故意伤害一审刑事判决书', '（2019）江0104刑初12号', '一审', '/Date(1554048000000)/', '1', NULL, '江州省临江市东湖区人民法院', '901', '江州省', '临江市', '东湖区', NULL, NULL, NULL, '2019-03-05', '判决', NULL, NULL, NULL),(2, NULL, '2019-04-02', NULL, '0f0f0f0f-0000-4000-8000-000000000020', '王某甲刑事裁定书', NULL, NULL, NULL, '1', NULL, '江州省临江市东湖区人民法院', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '人民法院认为不宜在互联网公布的其他情形', NULL);
INSERT INTO `judicial_doc` (`id`, `doc_id`, `case_name`, `html`) VALUES (3, 'x''3', '张某盗窃', '<div>被告人张某盗窃一案，
本院认为，其行为构成盗窃罪。</div>');
INSERT INTO `judicial_doc` VALUES (4, 'one value too few');

SET FOREIGN_KEY_CHECKS = 1;
