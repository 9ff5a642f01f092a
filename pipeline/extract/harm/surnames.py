"""Chinese surnames: what a name can begin with.

Source: the Hundred Family Surnames (百家姓) and the surnames that the 2020 census counts most often.
"""

from __future__ import annotations

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕"
    "屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南"
    "班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危"
    "常洪傅萧赖阎湛戎茅利居尉元阴昝幸奉富闭汲滑琴宓蓬郗莘贡逄堵宰璩郏习宦鱼巢蒯嵇亢宾"
    "昌凤诸钮荀羿邴糜弓牧隗山仰秋韶蓟卻毋怀嬴仉督缑郈汝尕佴茆鄞肇原冶淦刀召郄谯妥揣呙禤"
    "玉银植上生占尧虎但贲苍答檀昂黑信依才字鄂扎让泽次代苑线揭展东西门公孙闾丘太叔轩辕钭於訾乜厍咸籍束暴养须后红竺益桓岑酆郦濮寿通庾暨衡步弘禄殳沃蔚夔勾融"
)
COMPOUND_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "令狐",
    "司徒",
    "端木",
    "夏侯",
    "东方",
    "西门",
    "公孙",
    "慕容",
    "长孙",
    "宇文",
    "司空",
    "百里",
    "南宫",
    "独孤",
    "呼延",
    "完颜",
    "东郭",
    "澹台",
)

# Surnames that are also everyday words: a masked name that begins so must be confirmed by a title or by its place in the sentence.
EVERYDAY_SURNAMES = frozenset(
    "扎那让来次字于向和从时经方路任由万全应成关高时明平计相次但后红公门东西上生都让通益信依国海江城官商区代原来连才强满位况单解支农项年"
    "常利居元阴幸奉富闭滑琴贡堵宰习鱼巢宾昌山秋原怀督召妥刀"
)

# Those among them that stand before 某 in any sentence (于某日, 从某处, 经某人介绍): only the beginning of a clause confirms them.
# Surnames that hardly anyone has and that begin phrases everywhere (由, 殴, 从, 能) are none here; a title still confirms them.
FUNCTION_WORDS = frozenset("于向和从时经由让来应次但后相都通才任那居堵原")
