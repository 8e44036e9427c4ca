class Examples:
    def __init__(self, answerer): self.a=answerer
    def __call__(self): return ["云澜区司法局2024年组织学法多少次？","2024年办理法律援助案件多少件？","云澜区老年人优待证办理的承诺办结时限是多少？","普法活动开展了多少场？"]
