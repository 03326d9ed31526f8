import pytest
def test_all(client, arrivals):
    docs={k:getattr(arrivals,k)() for k in ("paper","registered","submitted","directed","assigned","in_progress")}
    client.clock.now=arrivals.now
    client.login("clerk")
    for p in ["/incoming/register","/incoming/register.csv","/incoming/register/follow-up","/incoming/register/follow-up.csv", *(f"/incoming/{d.id}/slip.pdf" for d in docs.values())]:
        r=client.get(p); assert r.status_code==200,p
        if p.endswith("pdf"): open("/tmp/desk_slip.pdf","wb").write(r.data)
        elif 'csv' in p: print(r.text)
    assert 0
