"""What the wall costs a transaction: three queries inside a tenant, over the same three by a session that has the schema by itself."""

from uuid import UUID

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tenants.customers.contact import Contact
from tenants.customers.customer import Customer
from tenants.pipeline.pipeline import Stage
from tenants.wall.engine import driver_url
from tenants.wall.session import inside
from tests.bench.asking import busy_customer
from tests.bench.house import House
from tests.bench.interleave import Figure, figure, in_turn

GOAL = 1.2


def measure(house: House, *, rounds: int) -> list[Figure]:
    """Without a wall: SQLAlchemy as it comes, the role and the path set once when the connection was made."""
    tenant, customer_id = house.large, busy_customer(house)
    options = f"-c role={tenant.key} -c search_path={tenant.key} -c statement_timeout=15000"
    plain = create_engine(driver_url(house.app_url), connect_args={"options": options, "prepare_threshold": None})

    def with_wall() -> None:
        with inside(tenant, house.engine) as session:
            three(session, customer_id)

    def without() -> None:
        with Session(plain, expire_on_commit=False) as session:
            three(session, customer_id)
            session.commit()

    times = in_turn(with_wall, without, rounds=rounds * 10, warm=50)
    plain.dispose()
    return [figure("wall, three queries", times, goal=GOAL, note="a customer, its contacts, the stages, by key, as ORM columns")]


def three(session: Session, customer_id: UUID) -> None:
    session.execute(select(Customer.id, Customer.name, Customer.status).where(Customer.id == customer_id)).one()
    session.execute(select(Contact.id, Contact.name).where(Contact.customer_id == customer_id)).all()
    session.execute(select(Stage.id, Stage.name).order_by(Stage.position)).all()
