"""Many clients that page at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.api.pages import asked
from tests.api.service import Client, Service


def test_eight_clients_page_at_the_same_moment(service: Service) -> None:
    people = [service.add(f"p{number}", None, "sms") for number in range(8)]
    clients = [Client(service.url, service.client().token) for _ in people]

    def send(number: int) -> list[int]:
        body = asked(people[number], title=f"from {number}")
        return [clients[number].post("escalation/", body).status_code for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        codes = [code for sent in pool.map(send, range(8)) for code in sent]
    for client in clients:
        client.http.close()
    assert codes == [200] * 40
    found = service.client().get("alert_groups", perpage="100").json()
    titles = Counter(group["title"] for group in found["results"])
    assert titles == {f"from {number}": 5 for number in range(8)}
    # The place they belong to was made once, although the first ones came together.
    assert len({(group["integration_id"], group["route_id"]) for group in found["results"]}) == 1
    service.world.forward(seconds=2)
    assert Counter(service.world.sms.addresses) == {f"sms:p{number}": 5 for number in range(8)}
