//! What the simulated shop sells and what people type into its search box.
//!
//! No text here needs escaping in JSON (a test holds that), so lines are written without an encoder.

/// One product.
#[derive(Debug)]
pub(crate) struct Item {
    /// Number of the product, as events carry it.
    pub(crate) id: u32,
    /// What the product page is called.
    pub(crate) title: &'static str,
    /// One of [`CATEGORIES`].
    pub(crate) category: &'static str,
    /// Price in cents.
    pub(crate) cents: u64,
}

/// The shop's departments, each with the words that people search it by.
pub(crate) const CATEGORIES: [(&str, &[&str]); 6] = [
    (
        "咖啡",
        &["雀巢", "雀巢咖啡", "速溶咖啡", "咖啡", "coffee beans", "雀巢金牌", "挂耳咖啡", "instant coffee"],
    ),
    ("服装", &["商务休闲", "商务休闲 衬衫", "男士商务休闲裤", "连衣裙", "T恤", "linen shirt", "外套"]),
    ("鞋", &["nike鞋", "nike跑步鞋", "耐克鞋", "耐克 篮球鞋", "nike air", "跑步鞋", "running shoes", "皮鞋"]),
    ("母婴", &["纸尿裤", "婴儿奶粉", "雀巢奶粉", "奶瓶", "baby wipes", "孕妇枕", "婴儿推车"]),
    ("数码", &["手机", "蓝牙耳机", "充电宝", "wireless mouse", "机械键盘", "4K monitor"]),
    ("家居", &["床单", "台灯", "收纳盒", "coffee table", "保温杯", "desk lamp"]),
];

const fn item(id: u32, title: &'static str, category: &'static str, cents: u64) -> Item {
    Item { id, title, category, cents }
}

/// The shelves, in the order of [`CATEGORIES`].
pub(crate) const ITEMS: [Item; 30] = [
    item(1001, "雀巢 Nescafe 速溶咖啡 200g", "咖啡", 6_990),
    item(1002, "雀巢金牌 小罐速溶咖啡", "咖啡", 8_850),
    item(1003, "挂耳咖啡 意式深烘 20片", "咖啡", 5_900),
    item(1004, "Colombia Coffee Beans 500g", "咖啡", 11_800),
    item(1005, "手冲咖啡壶 600ml", "咖啡", 15_900),
    item(2001, "商务休闲 长袖衬衫 男", "服装", 19_900),
    item(2002, "商务休闲 西裤 修身", "服装", 25_900),
    item(2003, "Linen Shirt Relaxed Fit", "服装", 22_900),
    item(2004, "碎花连衣裙 夏季", "服装", 16_800),
    item(2005, "纯棉 T恤 两件装", "服装", 9_900),
    item(3001, "Nike Air 跑步鞋 男", "鞋", 59_900),
    item(3002, "耐克 篮球鞋 高帮", "鞋", 79_900),
    item(3003, "商务休闲 真皮皮鞋", "鞋", 45_900),
    item(3004, "Trail Running Shoes", "鞋", 52_900),
    item(3005, "帆布鞋 女 小白鞋", "鞋", 12_900),
    item(4001, "婴儿纸尿裤 M码 80片", "母婴", 13_900),
    item(4002, "雀巢 婴儿奶粉 3段 900g", "母婴", 28_800),
    item(4003, "宽口径玻璃奶瓶 240ml", "母婴", 7_900),
    item(4004, "Baby Wipes 80 x 6", "母婴", 4_990),
    item(4005, "轻便婴儿推车 可折叠", "母婴", 69_900),
    item(5001, "蓝牙耳机 降噪", "数码", 39_900),
    item(5002, "充电宝 20000mAh", "数码", 12_900),
    item(5003, "Wireless Mouse Silent", "数码", 8_900),
    item(5004, "机械键盘 87键", "数码", 29_900),
    item(5005, "27 inch 4K Monitor", "数码", 189_900),
    item(6001, "全棉床单 四件套", "家居", 24_900),
    item(6002, "护眼台灯 LED", "家居", 15_900),
    item(6003, "收纳盒 三件装", "家居", 5_990),
    item(6004, "Oak Coffee Table", "家居", 89_900),
    item(6005, "保温杯 500ml", "家居", 9_900),
];

/// Products of each category.
pub(crate) const PER_CATEGORY: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_needs_escaping() {
        let words = CATEGORIES.iter().flat_map(|(name, words)| words.iter().chain([name]));
        for text in words.copied().chain(ITEMS.iter().map(|item| item.title)) {
            assert!(!text.contains(['"', '\\']) && !text.chars().any(char::is_control), "{text}");
        }
    }

    #[test]
    fn the_shelves_follow_the_categories() {
        for (index, item) in ITEMS.iter().enumerate() {
            assert_eq!(item.category, CATEGORIES[index / PER_CATEGORY].0);
        }
    }
}
