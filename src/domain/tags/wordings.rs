//! The wordings that indicate the role of a tag, in the languages that `tests/roles` has prompts in.
//!
//! All lists are in lower case, with "|" between wordings and "*" for any ending of a word. They match a text whose
//! traditional characters are replaced: see [`simplified`].

use super::lexicon::Lexicon;
use super::{Kind, Role};
use crate::text::{fold, wordings};
use std::sync::OnceLock;

/// Where a wording may be.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// It leads to the tag.
    Before,
    /// It follows the tag.
    After,
    /// Both occur.
    Either,
    /// Both occur, with nothing but linking words between the wording and the tag.
    Near,
}
use Side::{After, Before, Either, Near};

/// A wording, and the role that it gives to a file of its kind.
pub(super) struct Wording {
    pub kind: Kind,
    pub role: Role,
    pub side: Side,
    pub text: String,
}

/// All wordings by their first byte.
pub(super) fn wordings_by_first_byte() -> &'static [Vec<Wording>; 256] {
    static TABLE: OnceLock<[Vec<Wording>; 256]> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = [const { Vec::new() }; 256];
        for &(kind, role, side, list) in WORDINGS {
            for text in wordings(list) {
                let text = simplified(text);
                let first = text.bytes().next().unwrap_or_default();
                table[usize::from(first)].push(Wording {
                    kind,
                    role,
                    side,
                    text,
                });
            }
        }
        table
    })
}

const WORDINGS: &[(Kind, Role, Side, &str)] = &[
    (
        Kind::Image,
        Role::FirstFrame,
        Either,
        "first thing|start still|frame zero|first second|what we see first|fade in on|第一秒|第一个画面|起点|始点|一枚目|出だし|首画面|시작은|첫 화면|fotograma cero|punto de partida|fotografia inicial|открывающий план|начало ролика|anfangsframe|aufmacher|point de départ|plan de départ|اللقطة الافتتاحية|بداية الفيديو|first frame|first image|first shot|opening frame|opening shot|opening image|opening|start frame|starting frame|starting image|starting point|initial frame|首帧|第一帧|首图|起始帧|起始画面|初始画面|开场|开头|第一张图|最初のフレーム|最初の画面|最初のカット|最初の画像|開始フレーム|先頭フレーム|スタートフレーム|ファーストフレーム|冒頭|オープニング|첫 프레임|첫프레임|첫 번째 프레임|시작 프레임|첫 장면|시작 화면|도입부|오프닝|primer fotograma|primer cuadro|primer frame|primera imagen|fotograma inicial|cuadro inicial|imagen inicial|plano inicial|primeiro quadro|primeiro frame|primeira imagem|quadro inicial|frame inicial|imagem inicial|cena inicial|первый кадр|первого кадра|первым кадром|первом кадре|начальн*|стартов*|أول إطار|إطار أول|الإطار الأول|إطار البداية|اللقطة الأولى|الصورة الأولى|erstes bild|ersten bild|erste bild|erster frame|ersten frame|erstes frame|startbild|startframe|start-frame|anfangsbild|eröffnungsbild|première image|premiere image|première frame|première trame|image de départ|image de début|image initiale|plan d'ouverture",
    ),
    (
        Kind::Image,
        Role::FirstFrame,
        Before,
        "fade in on|from the photo|take off from|画面定在|先看|arranca en|arranca con|partimos de|parte de|открываемся на|стартуем с|стартует с|ننطلق من|ينطلق|los geht's mit|anfangen mit|setzt bei|démarre sur|on démarre sur|part de|s'ouvre sur|start from|starts from|starting from|start at|starts at|start on|starts on|start with|starts with|starting with|begin with|begins with|begin on|begins on|begin from|begins from|begin at|beginning with|open on|opens on|open with|opens with|opening on|morph from|morphs from|transition from|transitions from|fade from|fades from|empieza con|empieza en|comienza con|comienza en|abre con|abre en|empezar con|partiendo de|começa com|começa em|comece com|abre com|inicia com|начинается с|начни с|начать с|начинаем с|открывается|ابدأ من|ابدأ بـ|يبدأ من|تبدأ من|beginnt mit|beginne mit|beginn mit|startet mit|starte mit|commence sur|commence par|commencer par|débute sur|ouvre sur|on part de",
    ),
    (
        Kind::Image,
        Role::FirstFrame,
        After,
        "where we start|is the start|is the opening|opens the|开始|から始ま*|から開始|からスタート|에서 시작|로 시작|으로 시작|부터 시작|그대로 시작",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        Either,
        "last thing|final second|last second|最后一秒|最后一个画面|终点|終点|最後は|最終画面|끝은|마지막프레임|último plano|última toma|ultimo frame|último momento|última cena|финальный|последний план|schlussframe|schluss|image d'arrivée|image d'arrivee|plan d'arrivée|آخر لقطة|المشهد الأخير|last frame|last image|final frame|final shot|final image|last shot|end frame|ending frame|closing frame|closing shot|尾帧|最后一帧|末帧|结束帧|结束画面|结尾|收尾|最后画面|最後のフレーム|最終フレーム|終了フレーム|ラストフレーム|最後の画面|最後のカット|最後の画像|ラスト|エンディング|마지막 프레임|끝 프레임|마지막 장면|마지막 화면|마지막 이미지|종료 프레임|엔딩|último fotograma|ultimo fotograma|último cuadro|último frame|última imagen|fotograma final|cuadro final|frame final|imagen final|plano final|último quadro|última imagem|quadro final|imagem final|cena final|последний кадр|последнего кадра|последним кадром|последнем кадре|последнее|финальн*|конечн*|آخر إطار|إطار أخير|الإطار الأخير|إطار النهاية|اللقطة الأخيرة|الصورة الأخيرة|letztes bild|letzten bild|letzte bild|letzter frame|letzten frame|letztes frame|endbild|endframe|schlussbild|dernière image|derniere image|dernière frame|image de fin|image finale|plan final",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        Before,
        "finish exactly on|view matches|停在|停在了|接上|로 멈춘|llegar a|llega a|cierra con|congelado en|parado em|chegarmos a|chega a|fecha em|приходит к|приходим к|остановись на|نصل إلى|اختم على|ينتهي على|kommen an bei|schluss bei|arrive à|arriver à|finit par|end on|ends on|end with|ends with|end at|ends at|ends exactly at|ending on|ending with|ending at|finish on|finishes on|finish with|finish at|close on|closes on|land on|lands on|settle on|settles on|arrive at|arrives at|freeze on|定格在|定格于|结束在|结束于|termina con|termina en|acaba con|acaba en|terminar en|termina em|termina com|acaba em|terminar em|заканчивается|закончи|завершается|завершить|انتهِ عند|ينتهي عند|تنتهي عند|ينتهي بـ|endet mit|endet auf|ende mit|ende auf|termine sur|termine par|finis sur|finit sur|finir sur",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        After,
        "is the end|is the ending|closes the|结束|で終わ*|で締め|로 끝|으로 끝|에서 끝|로 마무리|으로 마무리",
    ),
    (
        Kind::Image,
        Role::Character,
        Either,
        "character*|protagonist|antagonist|villain|heroine|hero|main subject|lead actor|actor|actress|identity|face|likeness|mascot|idol|woman|man|women|men|girl|boy|guy|lady|dancer|singer|runner|fighter|detective|astronaut|robot|twin*|person|people|child|kid|cast|角色|主角|主人公|人物|女主|男主|女孩|男孩|女人|男人|男生|女生|人脸|长相|少年|少女|大叔|キャラクター|キャラ|登場人物|女の子|男の子|女性|男性|モデル|顔|ヒロイン|双子|캐릭터|케릭터|주인공|인물|여자|남자|소녀|소년|여성|남성|얼굴|등장인물|배우|쌍둥이|personaje*|protagonista*|mujer|hombre|chica|chico|niña|niño|rostro|cara|luchador*|gemel*|personagem|personagens|mulher|homem|menina|menino|garota|garoto|rosto|cachorra|персонаж*|геро*|девушк*|девочк*|мальчик*|мужчин*|женщин*|лицо|лица|актрис*|актёр*|внешност*|شخصية|بطل|امرأة|المرأة|الرجل|رجل|فتاة|الولد|الطفل|وجه|ممثل|figur|charakter*|hauptfigur|hauptperson|frau|mann|mädchen|junge|gesicht|darsteller*|personnage*|femme|homme|fille|garçon|visage|héroïne|héros|actrice|acteur",
    ),
    (
        Kind::Image,
        Role::Character,
        Before,
        "she looks like|he looks like|she must look like|sieht aus wie|ressemble à|se parece a|se parece com|выглядит как|похож на|похожа на|長相見",
    ),
    (
        Kind::Image,
        Role::Character,
        Near,
        "wizard|rider|panda|giant|monk|双胞胎|主播|模特|博主|人偶|机甲|外形|外观|形象|牧民|样子见|毛色|お母さん|店主|相棒|人形|主役|私|할머니|용|인형|dragón|robô|cachorro|рыцар*|парень|dragon|renard|ours|loup|chevalier|prince|subject|lead|boss|intern|widow|penguin|dog|cat|puppy|kitten|bird|fox|horse|animal|creature|antagonist|warrior|knight|chef|soldier|king|queen|princess|player|model|host|old man|grandpa|grandma|mother|father|bride|groom|pilot|waiter|他|她|老板|妈妈|爸爸|将军|主体|柯基|彼|侍|子供|俳優|見た目|고양이|사람|신입|가수|perrita|modelo|actor|chefe|estagiária|senhora|aparência|собак*|кот|такса|стажёрк*|модель|شكلها|hund|praktikantin|mönch|kind|person|schwester|robot",
    ),
    (
        Kind::Image,
        Role::Style,
        Either,
        "画法|笔触|滤镜|气氛|色は|絵柄|画風|그림체|tonos|acuarela*|манер*|malstil|rendu|colorimétrie|style*|aesthetic*|colour palette|color palette|palette|colours|colors|colour grade|color grade|color grading|grade it like|art direction|brushwork|look like|looks like|lighting and look|lighting|风格|画风|色调|色彩|配色|质感|光影|氛围|スタイル|作風|色味|色合い|雰囲気|トーン|質感|テイスト|タッチ|스타일|화풍|색감|분위기|톤|질감|조명|estilo*|estética*|paleta|colores|iluminación|cores|iluminação|стил*|палитр*|цвет*|эстетик*|атмосфер*|освещени*|أسلوب|نمط|ألوان|إضاءة|أجواء|ستايل|stil*|farb*|ästhetik|stimmung|bildstil|esthétique|couleur*|ambiance|éclairage",
    ),
    (
        Kind::Image,
        Role::FirstFrame,
        Near,
        "start|inicio|início|anfang|début|старт",
    ),
    (Kind::Image, Role::LastFrame, Near, "end|final|fim|fin|ende|конец"),
    (Kind::Image, Role::Style, Near, "光线|調性|光|luz"),
    (
        Kind::Image,
        Role::Scene,
        Either,
        "scene*|background|backdrop|setting|set in|set at|environment|location|takes place in|takes place inside|stage|场景|背景|环境|地点|空景|シーン|舞台|ロケ地|風景|장소|배경|환경|공간|escenario|fondo|entorno|ubicación|paisaje|cenário|fundo|lugar|сцен*|фон|фона|фоне|фоном|локаци*|окружени*|место|المشهد|خلفية|المكان|المكان:|البيئة|الموقع|szene*|hintergrund*|umgebung|kulisse|schauplatz|décor*|arrière-plan|environnement",
    ),
    (
        Kind::Image,
        Role::Scene,
        Near,
        "弄堂|码头|港口|沙漠|店里|街头|屋檐|废墟|廊下|屋上|洞窟|棚田|教会|시장|섬|도시|quarto|hafen|bühne|salle|set|chapel|city|street corner|forest|harbour|harbor|arena|market|desert|village|rooftop|tower|pool|gate|房间|海边|防波堤|里拍|神社|森|海辺|室内|バス停|場所|성|골목|lugar|bosque|faro|parada|plaza|praia|sala|ponto de ônibus|комнат*|улиц*|перрон*|остановк*|ort|küche|wald|haltestelle|cuisine|marché",
    ),
    (
        Kind::Image,
        Role::Object,
        Either,
        "object*|product|prop|outfit|jacket|dress|costume|logo|bottle|sunglasses|sword|sneaker*|道具|物体|物品|产品|商品|服装|衣服|口红|小道具|製品|アイテム|衣装|제품|상품|소품|의상|objeto*|producto*|vestido|chaqueta|logotipo|produto*|jaqueta|предмет*|объект*|товар*|реквизит*|куртк*|логотип*|منتج|المنتج|فستان|objekt|produkt*|requisit*|objet*|produit*|accessoire*",
    ),
    (
        Kind::Image,
        Role::Object,
        Before,
        "wearing|wears|holding|holds|driving|drives|drinking|carrying|dragging|item|穿着|拿着|手持|戴着|撑着|骑着|vistiendo|vestindo|одет* в|держит|trägt|يرتدي|ترتدي|portant|着て|持って|입고|들고",
    ),
    (
        Kind::Image,
        Role::Composition,
        Either,
        "arrangement|arranged as|摆盘|构图|схем*|تخطيط|القصة المصورة|ausschnitt|anordnung|disposition|grille|story-board|composition*|framing|layout|storyboard|camera angle|分镜|取景|布局|構図|レイアウト|絵コンテ|구도|레이아웃|콘티|스토리보드|composición|encuadre|composição|enquadramento|композици*|раскадровк*|تكوين|komposition|bildaufbau|cadrage",
    ),
    (
        Kind::Video,
        Role::CameraMovement,
        Either,
        "lens travels|drone|drohne|dron|drones|дрон|rising move|变焦|环绕|运动轨迹|俯冲|手持|드론|оператор*|kranbewegung|manière de filmer|camera*|tracking shot|dolly-in|dolly*|zoom*|orbit*|crane shot|drone path|gimbal motion|gimbal|hyperlapse*|push-in|handheld|chase camera|运镜|镜头|跟拍|机位|カメラ*|撮影|アングル|手ブレ|카메라|앵글|무빙|movimiento de cámara|movimientos de cámara|cámara|travelling|movimento de câmera|movimentos de câmera|câmera|движение камеры|движения камеры|движением камеры|камер*|ракурс*|حركة الكاميرا|حركات الكاميرا|الكاميرا|kamera*|mouvement de caméra|mouvements de caméra|caméra",
    ),
    (
        Kind::Video,
        Role::Choreography,
        Either,
        "gait|footwork|step for step|跳舞|里的舞|步伐|打法|戦い方|pelea|приём*|gang|schlagfolge|gestuelle|acrobaties|choreograph*|danc*|movements|moves|action*|motion*|gesture*|performance|walk cycle|fight*|spins|舞蹈|动作|编舞|舞步|打斗|姿势|ダンス|振り付け|振付|動き|アクション|モーション|踊*|춤|안무|댄스|동작|액션|움직임|coreograf*|baile|movimiento*|acción|gestos|golpes|dança|movimento*|ação|passos|хореограф*|танц*|танец|движени*|жест*|походк*|رقص|رقصة|الرقص|حركات|حركة|choreogra*|tanz*|bewegung*|geste*|chorégraph*|danse|mouvement*|gestes",
    ),
    (
        Kind::Video,
        Role::Effects,
        Either,
        "wipe|streak*|burst into|拖影|場面転換|演出|見せ方|전환|effect*|transition*|vfx|particles|sparkles|glitch*|特效|转场|效果|エフェクト|トランジション|효과|이펙트|트랜지션|efecto*|transici*|efeito*|transiç*|эффект*|переход*|تأثير*|مؤثر*|effekt*|übergang*|übergänge|effet*|désintégration",
    ),
    (
        Kind::Video,
        Role::Extension,
        Either,
        "go backwards from|往后|承接|の前|이전|alarga*|sigue|дотяни|что было после|extend*|extension*|continu*|lengthen*|prolong*|keep going|left off|pick up where|prequel|延长|续写|续接|延续|接续|接着|続き|延長|継続|続け|이어|늘려|연장|계속|extiend*|extender|continúa*|continuar|estend*|продл*|продолж*|مدد|تمديد|أكمل|استمر|واصل|verläng*|setze|fortsetz*|poursui*|la suite",
    ),
    (
        Kind::Video,
        Role::Editing,
        Either,
        "turn|改一下|转成|加上|置き換え|差し替え|지우|교체|바꾸|ponle|borra|смени|вместо|غيّر|statt|retouche*|ajoute*|edit*|replace*|remove*|swap*|restyle*|pacing|cutting|change the|turn into|编辑|替换|修改|去掉|拿掉|剪辑|换成|改成|編集|変更|変え|消して|着せ替え|편집|바꿔|삭제|제거|edita*|reemplaz*|sustitu*|cambia*|elimina*|quita*|substitu*|troque|troca*|remov*|mude|замени*|убери|удали|измени|отредактир*|استبدل|احذف|عدّل|bearbeit*|ersetz*|entfern*|tausch*|änder*|remplac*|supprim*|modifi*|enlève*|enleve*|retire*",
    ),
    (Kind::Video, Role::Editing, Before, "change|add|stitch|删除|剪掉"),
    (
        Kind::Audio,
        Role::BackgroundMusic,
        Either,
        "tune|ukulele|piano*|guitar*|melod*|swells|pace of the cuts|sing along|鼓点|melodía|tema|бит|композици*|melodie|klavier*|bgm|background music|background track|backing track|music*|soundtrack|score|song|beat*|rhythm*|tempo|jingle|背景音乐|配乐|音乐|节奏|节拍|卡点|旋律|歌曲|音楽|曲|リズム|ビート|歌|음악|브금|리듬|비트|노래|música|canción|ritmo|banda sonora|trilha|canção|batida|музык*|ритм*|песн*|мелоди*|трек*|موسيقى|الموسيقى|إيقاع|أغنية|musik|hintergrundmusik|takt|lied|musique*|rythm*|chanson",
    ),
    (
        Kind::Audio,
        Role::Voice,
        Either,
        "sound like|talks|解说|語り|timbre|voice*|narrat*|dialogue|dialog|speech|lip sync*|lip-sync*|accent|monologue|配音|音色|旁白|台词|对白|口型|嗓音|人声|声线|声音|ナレーション|声|セリフ|口の動き|목소리|내레이션|나레이션|음성|대사|더빙|voz|narra*|diálogo*|dublagem|locu*|голос*|озвуч*|диктор*|закадров*|صوت|التعليق الصوتي|الراوي|stimme*|erzähl*|sprech*|voix|doublage|parle*",
    ),
    (
        Kind::Audio,
        Role::SoundEffect,
        Either,
        "alarm|click*|门铃|の音|소리|trueno*|رعد|donner*|klingel*|regen|tonnerre|sound effect*|sound of|sfx|ambience|ambient*|foley|noise*|thunder|footstep*|音效|环境音|声效|海浪声|脚步声|雨声|雷声|効果音|環境音|足音|雨音|효과음|환경음|발소리|빗소리|efecto de sonido|efectos de sonido|sonido de|sonido ambiente|som de|efeito sonoro|efeitos sonoros|звук*|скрип*|шум*|صوت الرعد|صوت المطر|مؤثر*|soundeffekt*|geräusch*|effet sonore|effets sonores|bruit*",
    ),
];

/// Negations before a wording, which remove the role: "do not use @Image1 as first frame".
pub(super) static NEGATIONS: Lexicon = Lexicon::new(
    "not|don't|doesn't|isn't|never|without|ignore|instead of|nothing|不要|别|不是|不用|而不是|忽略|无需|不作为|不把|\
    no uses|no usar|no usa|sin|nunca|não|sem|не|без|لا|بدون|nicht|kein*|ohne|ne|n'utilise|sans",
);

/// Negations at the end of the clause, in languages with verbs there.
pub(super) static LATE_NEGATIONS: Lexicon = Lexicon::new(
    "ないで|せずに|使わない|じゃない|ではない|지 마|지 말|말고|아니|nicht|не используй|не ставь|no es|no uses",
);

/// Separators between the tags of a list.
pub(super) const LISTING: &[&str] = &[
    ",", "and", ", and", "&", "+", "/", "vs", "和", "与", "及", "、", "，", "،", "跟", "と", "y", "e", "и",
    "und", "et", "و", "와", "과",
];

/// What leads from the first frame to the last one.
pub(super) const LEADING: &[&str] = &[
    "to",
    "into",
    "->",
    "→",
    "to the",
    "到",
    "变成",
    "过渡到",
    "变为",
    "a",
    "in",
    "в",
    "vers",
    "から",
    "em",
    "zu",
];

/// What happens between two frames, before a word of [`LEADING`].
pub(super) const MORPHING: &str = "morph*|transform*|transition*|fade*|dissolve*|turn*|becom*|变|过渡|transforma*|verwandel*|превращ*|transforme*";

/// "First and last frame", for a list of two.
pub(super) const BOTH_FRAMES: &str = "first and last|start and end|首尾帧|首帧和尾帧|最初と最後|inicial y final|primer y último|inicial e final|primeiro e último|\
    первый и последний|erstes und letztes|première et dernière|첫 프레임과 마지막";

/// Words that link a role after a tag to it.
pub(super) static AS: Lexicon = Lexicon::new(
    "as|for|is|are|=|:|：|shows|作为|为|是|当|做|を|は|が|로|으로|를|을|은|는|como|es|são|é|als|ist|sind|comme|est|как|—|это|كـ|ك|(",
);

/// Words that link a role before a tag to it.
pub(super) static FROM: Lexicon = Lexicon::new(
    "from|of|in|with|use|using|by|like|:|：|=|参考|使用|用|照|在|は|de|del|la|da|do|das|no|na|con|com|en|aus|von|vom|wie in|mit|im|из|с|на|от|в|من|في|بـ|sur|dans|avec",
);

/// All words that may stand between a wording and its tag without a meaning of their own.
pub(super) static GLUE: Lexicon = Lexicon::new(
    "as|is|are|the|a|an|for|use|using|from|of|with|in|at|on|to|be|and|shown|seen|exactly|same|by|like|here|keep|this|only|please|my|’s|s|one|it|\
    作为|为|是|当|做|用|使用|以|参考|的|里的|里|中的|上的|见|照|在|请|为|那个|这位|就是|这|就|\
    の|を|は|が|に|で|として|使用|してください|同じ|から|より|へ|のような|ような|まま|参照|그대로|의|를|을|은|는|이|가|로|으로|처럼|참고|해서|사용|에서|같은|\
    como|de|del|la|el|los|las|lo|un|una|en|con|es|que|tiene|usa|mismo|misma|o|os|da|do|das|dos|em|com|é|um|uma|na|no|mesmo|mesma|use|\
    der|die|das|dem|den|des|aus|von|vom|als|ist|im|in|mit|wie|auf|bitte|ein|eine|einen|zeigen|le|les|l|du|des|une|dans|sur|avec|est|comme|c|celui|celle|d|même|his|her|their|its|our|old|young|little|small|big|main|seine|ihre|sein|ihr|kleine|su|sa|son|ma|mon|seu|sua|petite|\
    из|с|со|на|от|как|это|в|и|или|что|та|тот|من|في|مع|على|هو|هي|كما|مثل|الذي|التي|الموجودة|و|عند|كـ|ك|ل|ب|بـ",
);

/// Actions of a person or an animal, directly after a tag.
pub(super) static ACTIONS: Lexicon = Lexicon::new(
    "walks|runs|says|smiles|turns|looks|sits|stands|dances|jumps|speaks|talks|sings|climbs|sleeps|wakes|laughs|enters|does it|waves|drives|eats|drinks|cries|whispers|shouts|\
    走|跑|说|笑|跳|站|坐|看|开口|唱|转身|挥手|が走|が歩|が話|が笑|が電車|が目を|が踊|が言|이 문을|가 걷|이 걷|가 뛰|가 말|\
    camina|corre|dice|sonríe|baila|duerme|dormida|despierta|anda|sorri|dança|diz|dorme|идёт|идет|бежит|говорит|спит|просыпается|улыбается|танцует|يمشي|تمشي|يركض|\
    läuft|geht|sagt|lächelt|tanzt|schläft|marche|court|dit|sourit|danse|dort",
);

/// What links a tag to a name.
pub(super) static NAMED: Lexicon =
    Lexicon::new("is|=|(|named|called|es|é|est|ist|—|это|— это|, c'est|heißt|se llama");

/// Words that begin a sentence about somebody.
pub(super) static PRONOUNS: Lexicon =
    Lexicon::new("she|he|they|her|his|她|他|彼女|彼|그녀|그는|ella|él|ela|ele|она|он|sie|er|elle|il");

/// Traditional characters, each with the simplified one that replaces it.
const SIMPLIFIED: &str = "幀帧場场畫画風风調调質质運运鏡镜機机動动編编轉转結结續续換换剪剪輯辑樂乐節节詞词對对聲声環环體体長长產产開开頭头後后張张圖图為为當当參参構构將将裡里見见";

/// A prompt as the wordings match it, with the same offsets.
pub(super) fn folded(prompt: &str) -> String {
    simplified(&fold(prompt))
}

/// A text with simplified characters for those of [`SIMPLIFIED`], and spaces for "_"; the offsets stay.
fn simplified(text: &str) -> String {
    // The first byte of the characters that are replaced.
    if !text.bytes().any(|byte| byte == b'_' || byte >= 0xe4) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        out.push(match character {
            '_' => ' ',
            '\u{4e00}'..='\u{9fff}' => simplified_char(character),
            _ => character,
        });
    }
    out
}

fn simplified_char(character: char) -> char {
    let mut pairs = SIMPLIFIED.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == character {
            return to;
        }
    }
    character
}

/// Words of a noun phrase that names something in a file: "the sofa from @Image1".
pub(super) static ARTICLES: Lexicon = Lexicon::new(
    "the|a|an|my|our|this|that|el|la|los|las|un|una|o|os|um|uma|der|die|das|den|dem|ein|eine|einen|le|les|l|du|une|al",
);

/// Words between that noun and its tag.
pub(super) static SOURCES: Lexicon = Lexicon::new(
    "from|in|shown in|as in|seen in|de|del|da|do|das|aus|von|vom|с|из|на|من|في|الذي في|الموجودة في|dans",
);

/// Where something happens, before such a noun: "walks through the arch from @Image1".
pub(super) static WHERE: Lexicon = Lexicon::new(
    "in|on|at|into|through|across|inside|over|around|along|under|down|by|near|past|onto|to|behind|off|en|sobre|por|dentro|junto|hacia|em|na|nas|nos|pela|pelo|dans|sur|auf|im|zur|zum|am|über|по|на|в|до|к|في|على|إلى|نحو|قرب",
);

/// What happens in the place that an image shows, directly before a tag.
pub(super) static WITHIN: Lexicon = Lexicon::new("through|inside|across|在|走过|穿过|来到|走进");

/// What makes what follows a part of the image, in Chinese, Japanese and Korean.
pub(super) static PARTS: Lexicon = Lexicon::new("中的|里的|上的|的|这|那|這|是|の|의");

/// Words for files and their parts, which are no objects.
pub(super) static FILES: Lexicon = Lexicon::new(
    "image*|picture*|photo*|file*|look*|sketch*|drawing|fichier*|archivo*|datei*|файл*|while|whatever|video*|frame*|shot*|clip*|way|text|rest|middle|end|top|part|sequence|one|foto*|imagen|imagem|bild|kart*|图片|照片|画面|视频|写真|画像|사진|이미지|方式|感觉|样子|동영상",
);

/// Words for one thing in several images: "@Image1 to @Image3 show the same shoe".
pub(super) static SAME: Lexicon = Lexicon::new(
    "the same|同一|同款|同じ|같은|denselben|dieselbe|dasselbe|le même|la même|el mismo|la misma|o mesmo|a mesma|тот же|одн*|لنفس|نفس",
);

/// The ends of nouns for people.
pub(super) const AGENTS: &str = "er|or|ist|man|woman|ian";

/// Nouns with such an end for things and places.
pub(super) static NO_AGENTS: Lexicon = Lexicon::new(
    "tower|paper|water|river|corner|flower|poster|counter|sweater|locker|trailer|cover|letter|helicopter|theater|computer|speaker|\
    scooter|skyscraper|container|floor|door|mirror|motor|reactor|tractor|corridor|harbor|interior|exterior|number|filter|layer|leather|weather|winter|summer|\
    order|color|master|character|burger|käfer|after|under|over|letter|der|oder|aber|über",
);

/// The ends of nouns for people in other languages; their nouns may stand before an adjective.
pub(super) const AGENTS_ELSEWHERE: &str = "ista|dor|dora|eur|euse|erin|щик|ник|тель|арь|ист|истка|ница";

/// What links a noun of another noun in front of a tag: "the back of the rider (@Image1)".
pub(super) const OF: &str = "of|de|do|da|del|du|des|von";

/// What stands between a noun and the tag behind it, in Chinese and Japanese.
pub(super) const BEFORE_TAGS: &[&str] = &[
    "（", "(", "是", "为", "就", "は", "が", "：", ":", "，", "은", "는", " ", "=", "用",
];

/// The last characters of Chinese and Japanese nouns for people and animals, for people after another character, for
/// places and for things.
pub(super) const LAST: &str = "仔客兽獸怪公傅人哥弟姐妹爷爺奶婆叔姨孩童女男娘兵猫貓狗犬熊兔虎狮獅龙龍竜鸟鳥狐猴鸭鴨鸡雞|师師员員手生者家士王长長|室店厅廳院馆館街路巷山海河湖林城村镇鎮楼樓桥橋站场場园園宫宮殿房屋谷岛島滩灘景廊洞港峰寺庙市駅道岸原台|红紅烛燭装裝娃发發杯瓶盒包鞋帽裙衣衫裤褲车車机機刀剑劍伞傘灯燈书書箱壶壺碗盘盤笔筆琴花链鏈戒球糕茶酒粉椅桌枪槍弓杖钟鐘铃鈴袋巾品膏乳糖饼餅船靴服";

/// How many people a list of tags shows: "two robots, @Image1 and @Image2".
pub(super) static COUNTS: Lexicon = Lexicon::new(
    "two|three|four|both|dos|tres|dois|duas|três|deux|trois|zwei|drei|beide|два|две|три|二|三|两|兩|두|세|셋",
);

/// What links a name to the tag behind it.
pub(super) const COPULAS: &str = "is|es|é|est|ist|—|это|هو|هي";

/// What begins "from @Image1 to @Image2".
pub(super) const FROM_FRAME: &str = "from|从|從|de|von|от|из|من";
