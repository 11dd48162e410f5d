// The wordings that indicate the role of a tag, from src/domain/tags/wordings.rs, for handwritten.js.
// Where a wording may stand: before the tag, after it, or either; "*" stands for any ending of the word.

/** @type {[kind: "image" | "video" | "audio", role: string, side: "before" | "after" | "either", words: string][]} */
export const wordings = [
  [
    "image",
    "first-frame",
    "either",
    "first frame|first-frame|first image|opening frame|opening shot|opening image|start frame|starting frame|starting image|starting point|initial frame|首帧|第一帧|起始帧|起始画面|开场画面|开头画面|开场|开头",
  ],
  [
    "image",
    "first-frame",
    "before",
    "start from|starts from|starting from|start at|starts at|start on|starts on|start with|starts with|starting with|begin with|begins with|begin on|begins on|begin from|begins from|begin at|beginning with|open on|opens on|open with|opens with|opening on|morph from|morphs from|transition from|transitions from|fade from|fades from",
  ],
  ["image", "first-frame", "after", "where we start|is the start|is the opening|opens the|开始"],
  [
    "image",
    "last-frame",
    "either",
    "last frame|last-frame|last image|final frame|final shot|final image|last shot|end frame|ending frame|closing frame|closing shot|尾帧|最后一帧|末帧|结束帧|结尾画面|结尾|收尾",
  ],
  [
    "image",
    "last-frame",
    "before",
    "end on|ends on|end with|ends with|end at|ends at|ends exactly at|ending on|ending with|ending at|finish on|finishes on|finishing on|finish with|finish at|close on|closes on|land on|lands on|settle on|settles on|arrive at|arrives at|定格在|结束在|结束于",
  ],
  ["image", "last-frame", "after", "is the end|is the ending|closes the|结束"],
  [
    "image",
    "character",
    "either",
    "character*|protagonist|heroine|hero|main subject|lead actor|actor|actress|identity|face|mascot|idol|woman|man|girl|boy|guy|lady|dancer|singer|runner|detective|astronaut|robot|角色|主角|主人公|人物|女主|男主|女孩|男孩|女人|男人|人脸|长相",
  ],
  [
    "image",
    "style",
    "either",
    "style*|aesthetic*|colour palette|color palette|palette|colours|colors|colour grade|color grade|color grading|grade it like|art direction|brushwork|look like|looks like|风格|画风|色调|色彩|配色|质感",
  ],
  [
    "image",
    "scene",
    "either",
    "scene*|background|backdrop|setting|set in|set at|environment|location|takes place in|stage|场景|背景|环境|地点",
  ],
  [
    "image",
    "object",
    "either",
    "object*|product|prop|item|outfit|jacket|dress|costume|wearing|wears|holding|logo|bottle|sunglasses|sword|道具|物体|物品|产品|商品|服装|衣服|穿着|拿着|手持",
  ],
  [
    "image",
    "composition",
    "either",
    "composition*|framing|layout|storyboard|camera angle|构图|分镜|取景|布局",
  ],
  [
    "video",
    "camera-movement",
    "either",
    "camera*|tracking shot|dolly-in|dolly*|zoom*|orbit*|crane shot|drone path|gimbal motion|gimbal|hyperlapse*|push-in|运镜|镜头|跟拍|机位",
  ],
  [
    "video",
    "choreography",
    "either",
    "choreograph*|danc*|movements|moves|action*|motion*|gesture*|performance|walk cycle|fight*|舞蹈|动作|编舞|舞步|打斗|姿势",
  ],
  ["video", "effects", "either", "effect*|transition*|vfx|particles|sparkles|glitch*|特效|转场|效果"],
  [
    "video",
    "extension",
    "either",
    "extend*|extension*|continu*|lengthen*|prolong*|keep going|left off|延长|续写|续接|延续|接续|接着",
  ],
  [
    "video",
    "editing",
    "either",
    "edit*|replace*|remove*|swap*|restyle*|pacing|cutting|编辑|替换|修改|去掉|剪辑|换成",
  ],
  ["video", "editing", "before", "change|add|stitch|删除|剪掉"],
  [
    "audio",
    "background-music",
    "either",
    "bgm|background music|background track|backing track|music*|soundtrack|score|song|beat*|rhythm*|tempo|jingle|背景音乐|配乐|音乐|节奏|节拍|卡点|旋律|歌曲",
  ],
  [
    "audio",
    "voice",
    "either",
    "voice*|narrat*|dialogue|dialog|speech|timbre|lip sync*|lip-sync*|accent|monologue|配音|音色|旁白|台词|对白|口型|嗓音|人声",
  ],
  [
    "audio",
    "sound-effect",
    "either",
    "sound effect*|sound of|sfx|ambience|ambient*|foley|noise*|thunder|footstep*|crunch sound|音效|环境音|声效",
  ],
];
