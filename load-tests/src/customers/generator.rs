//! Customers and interactions out of numbers: the same ones from the same seed on every machine. Stores nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use usher::customers::customer::AddressKey;
use usher::customers::ids::CustomerId;
use usher::customers::interaction::{Interaction, InteractionSegment, InteractionVisit, Satisfaction};
use usher::customers::text::{AddressKindWord, AddressText, Tag};
use usher::routing::command::{Direction, Disposition, EndedBy};
use usher::routing::ids::{AgentId, ContactId, QueueId, SegmentId, VisitId};
use usher::routing::rule_set::Channel;
use usher::routing::time::Timestamp;

/// The first interaction: 2020-01-01. They come one a second.
const FIRST_AT_MS: i64 = 1_577_836_800_000;
const AGENTS: u64 = 5_000;
const QUEUES: u64 = 200;
const GIVEN: [&str; 40] = [
    "Anna", "Jean", "Olga", "Wei", "Fatima", "Carlos", "Ingrid", "Yuki", "Omar", "Maria", "Pierre", "Eva", "Ivan",
    "Chloé", "Jürgen", "Aïcha", "Lucas", "Emma", "Noah", "Mila", "Hugo", "Léa", "Paul", "Nina", "Karl", "Rosa", "Tom",
    "Ida", "Leo", "Zoé", "Ahmed", "Sofia", "Louis", "Alice", "Felix", "Clara", "Oskar", "Marta", "Viktor", "Irina",
];
/// A fifth of the customers have one of these; the others have one of syllables.
const FAMILY: [&str; 20] = [
    "Martin", "Müller", "García", "Rossi", "Nowak", "Silva", "Dubois", "Kovács", "Smith", "Jansen", "Novák", "Tanaka",
    "Haddad", "Petrov", "Nguyễn", "Östlund", "Bernard", "Schmidt", "Lefèvre", "O'Brien",
];
const SYLLABLES: [&str; 40] = [
    "ba", "be", "bo", "ca", "chi", "da", "del", "der", "do", "fa", "fer", "ga", "gan", "ha", "hol", "ka", "kin", "la",
    "lin", "lo", "ma", "mer", "mi", "mon", "na", "ner", "no", "pa", "per", "ra", "ri", "ro", "sa", "sen", "son", "ta",
    "ter", "va", "vil", "zan",
];
const SURNAMES: [char; 20] = [
    '李', '王', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '马',
    '罗',
];
/// The first of 800 ideographs that given names are made of.
const IDEOGRAPH_FIRST: u32 = 0x5b50;
const IDEOGRAPHS: u64 = 800;
/// One customer of so many has a note.
const NOTE_EVERY: u64 = 10;
const WORDS: u64 = 20_000;

pub struct Generator {
    pub seed: u64,
    pub customers: u64,
}

/// SplitMix64.
pub struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).expect("a list is short")]
    }
}

/// What a customer is called, in its parts.
pub struct Name {
    pub given: String,
    pub family: String,
    pub is_chinese: bool,
}

impl Name {
    pub fn whole(&self) -> String {
        if self.is_chinese {
            format!("{}{}", self.family, self.given)
        } else {
            format!("{} {}", self.given, self.family)
        }
    }
}

impl Generator {
    pub fn draws(&self, of: u64, no: u64) -> Draws {
        let mut draws =
            Draws(self.seed ^ of.wrapping_mul(0xd134_2543_de82_ef95) ^ no.wrapping_mul(0xa076_1d64_78bd_642f));
        draws.next();
        draws
    }

    pub fn name(&self, customer: u64) -> Name {
        let mut draws = self.draws(1, customer);
        if draws.below(5) == 0 {
            let letters = 1 + draws.below(2);
            let given = (0..letters).map(|_| ideograph(&mut draws)).collect();
            return Name { given, family: draws.one_of(&SURNAMES).to_string(), is_chinese: true };
        }
        let given = draws.one_of(&GIVEN).to_owned();
        let family = if draws.below(5) == 0 {
            draws.one_of(&FAMILY).to_owned()
        } else {
            let count = 2 + draws.below(2);
            let low: String = (0..count).map(|_| draws.one_of(&SYLLABLES)).collect();
            low[..1].to_uppercase() + &low[1..]
        };
        Name { given, family, is_chinese: false }
    }

    /// None of most.
    pub fn note(&self, customer: u64) -> Option<String> {
        let mut draws = self.draws(2, customer);
        let words = (draws.below(NOTE_EVERY) == 0).then(|| (0..8).map(|_| word(&mut draws)).collect::<Vec<_>>());
        words.map(|words| words.join(" "))
    }

    pub fn write_customers(&self, path: &Path) {
        let mut file = BufWriter::new(File::create(path).expect("the file of customers can be made"));
        writeln!(file, "name,phone,email,language,tier,note,crm").expect("the disk has room");
        for no in 0..self.customers {
            let mut draws = self.draws(3, no);
            let (name, number, email) = (self.name(no).whole(), number_of(no), email_of(no));
            let tier = draws.one_of(&["gold", "silver", "bronze", ""]);
            let language = draws.one_of(&["fr", "de", "en", "zh"]);
            let note = self.note(no).unwrap_or_default();
            writeln!(file, "{name},{number},{email},{language},{tier},{note},C{no}").expect("the disk has room");
        }
        file.flush().expect("the disk has room");
    }

    /// A call of one visit and one agent. A fifth of the customers have four fifths of the calls.
    pub fn interaction(&self, no: u64) -> Interaction {
        let mut draws = self.draws(4, no);
        let often = draws.below(5) > 0;
        let customer = draws.below(if often { self.customers.div_ceil(5) } else { self.customers });
        let at = FIRST_AT_MS + i64::try_from(no).expect("few contacts") * 1_000;
        let later = |seconds: u64| Timestamp(at + i64::try_from(seconds).expect("a call is short") * 1_000);
        let (waits, talks) = (draws.below(120), 30 + draws.below(600));
        let queue = QueueId::new(&format!("queue{}", draws.below(QUEUES))).expect("a name");
        let disposition = Some(Disposition("resolved".into()));
        let score = u8::try_from(draws.below(10)).expect("a small number");
        Interaction {
            contact: ContactId(no + 1),
            customer: Some(CustomerId(i64::try_from(customer + 1).expect("few customers"))),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            from: Some(phone(&number_of(customer))),
            to: Some(phone("+33800000000")),
            arrived_at: Timestamp(at),
            ended_at: Some(later(waits + talks)),
            ended_by: Some(EndedBy::Customer),
            disposition: disposition.clone(),
            satisfaction: Satisfaction::new(score).ok().filter(|_| score <= 5),
            recording: None,
            transcript: None,
            visits: vec![InteractionVisit {
                visit: VisitId(no + 1),
                queue: queue.clone(),
                entered_at: Timestamp(at),
                ended_at: Some(later(waits)),
                end: Some(Tag::new("accepted").expect("a word")),
            }],
            segments: vec![InteractionSegment {
                segment: SegmentId(no + 1),
                queue: Some(queue),
                agent: AgentId::new(&format!("agent{}", draws.below(AGENTS))).expect("a name"),
                started_at: later(waits),
                connected_at: Some(later(waits)),
                ended_at: Some(later(waits + talks)),
                wrapped_up_at: Some(later(waits + talks + 20)),
                disposition,
            }],
        }
    }
}

fn ideograph(draws: &mut Draws) -> char {
    let place = u32::try_from(draws.below(IDEOGRAPHS)).expect("a small number");
    char::from_u32(IDEOGRAPH_FIRST + place).expect("ideographs without a gap")
}

/// Some words are far more common than others, as in any text.
fn word(draws: &mut Draws) -> String {
    let common = draws.below(WORDS) + 1;
    let mut place = draws.below(common);
    let mut word = String::new();
    for _ in 0..3 {
        let count = SYLLABLES.len() as u64;
        word.write_str(SYLLABLES[usize::try_from(place % count).expect("a list is short")])
            .expect("a string takes all");
        place /= count;
    }
    word
}

/// Eight digits behind +336: each customer has its own.
pub fn number_of(customer: u64) -> String {
    format!("+336{customer:08}")
}

pub fn email_of(customer: u64) -> String {
    format!("customer{customer}@example.com")
}

pub fn phone(number: &str) -> AddressKey {
    AddressKey {
        kind: AddressKindWord::new("phone").expect("a word"),
        value: AddressText::new(number).expect("a number"),
    }
}
